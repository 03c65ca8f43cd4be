/* SPDX-License-Identifier: 0BSD */
#ifndef CG_NORMALIZE_L1_F32_H
#define CG_NORMALIZE_L1_F32_H

#include "cg_quotient_f32.h"

/* y = x / sum |x|; a sum below 10 * 2^-52 counts as 1. x and y may be the same array. */
static inline void cg_normalize_l1_f32(int32_t n, const float *x, float *y)
{
    float sum = 0.0f;
    for (int32_t i = 0; i < n; i++) {
        sum += x[i] < 0.0f ? -x[i] : x[i];
    }
    if (sum < 2.220446049250313e-15f) {
        sum = 1.0f;
    }
    for (int32_t i = 0; i < n; i++) {
        y[i] = cg_quotient_f32(x[i], sum);
    }
}

#endif
