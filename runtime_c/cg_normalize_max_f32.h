/* SPDX-License-Identifier: 0BSD */
#ifndef CG_NORMALIZE_MAX_F32_H
#define CG_NORMALIZE_MAX_F32_H

#include "cg_quotient_f32.h"

/* y = x / max |x|; a maximum below 10 * 2^-52 counts as 1. x and y may be the same array. */
static inline void cg_normalize_max_f32(int32_t n, const float *x, float *y)
{
    float largest = 0.0f;
    for (int32_t i = 0; i < n; i++) {
        const float size = x[i] < 0.0f ? -x[i] : x[i];
        largest = size > largest ? size : largest;
    }
    if (largest < 2.220446049250313e-15f) {
        largest = 1.0f;
    }
    for (int32_t i = 0; i < n; i++) {
        y[i] = cg_quotient_f32(x[i], largest);
    }
}

#endif
