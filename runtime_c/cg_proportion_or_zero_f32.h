/* SPDX-License-Identifier: 0BSD */
#ifndef CG_PROPORTION_OR_ZERO_F32_H
#define CG_PROPORTION_OR_ZERO_F32_H

#include "cg_quotient_f32.h"

/* y = x / sum x; all 0 where the sum is 0. x and y may be the same array. */
static inline void cg_proportion_or_zero_f32(int32_t n, const float *x, float *y)
{
    float sum = 0.0f;
    for (int32_t i = 0; i < n; i++) {
        sum += x[i];
    }
    for (int32_t i = 0; i < n; i++) {
        y[i] = sum == 0.0f ? 0.0f : cg_quotient_f32(x[i], sum);
    }
}

#endif
