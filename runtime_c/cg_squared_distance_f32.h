/* SPDX-License-Identifier: 0BSD */
#ifndef CG_SQUARED_DISTANCE_F32_H
#define CG_SQUARED_DISTANCE_F32_H

#include "cg_base.h"

/* |x - centre|^2 as a sum of squared differences over n features. */
static inline float cg_squared_distance_f32(const float *centre, int32_t n, const float *x)
{
    float sum = 0.0f;
    for (int32_t j = 0; j < n; j++) {
        const float difference = x[j] - centre[j];
        sum += difference * difference;
    }
    return sum;
}

#endif
