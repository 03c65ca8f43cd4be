/* SPDX-License-Identifier: 0BSD */
#ifndef CG_CHEBYSHEV_F32_H
#define CG_CHEBYSHEV_F32_H

#include "cg_base.h"

/* The largest |x - centre| over n features. */
static inline float cg_chebyshev_f32(const float *centre, int32_t n, const float *x)
{
    float largest = 0.0f;
    for (int32_t j = 0; j < n; j++) {
        const float difference = x[j] - centre[j];
        const float size = difference < 0.0f ? -difference : difference;
        largest = size > largest ? size : largest;
    }
    return largest;
}

#endif
