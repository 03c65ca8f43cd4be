/* SPDX-License-Identifier: 0BSD */
#ifndef CG_MANHATTAN_F32_H
#define CG_MANHATTAN_F32_H

#include "cg_base.h"

/* sum |x - centre| over n features. */
static inline float cg_manhattan_f32(const float *centre, int32_t n, const float *x)
{
    float sum = 0.0f;
    for (int32_t j = 0; j < n; j++) {
        const float difference = x[j] - centre[j];
        sum += difference < 0.0f ? -difference : difference;
    }
    return sum;
}

#endif
