/* SPDX-License-Identifier: 0BSD */
#ifndef CG_NORMALIZE_SUM_F32_H
#define CG_NORMALIZE_SUM_F32_H

#include "cg_quotient_f32.h"

/* y = x / sum x; all `none` where the sum is 0. x and y may be the same array. */
static inline void cg_normalize_sum_f32(float none, int32_t n, const float *x, float *y)
{
    float sum = 0.0f;
    for (int32_t i = 0; i < n; i++) {
        sum += x[i];
    }
    for (int32_t i = 0; i < n; i++) {
        y[i] = sum == 0.0f ? none : cg_quotient_f32(x[i], sum);
    }
}

#endif
