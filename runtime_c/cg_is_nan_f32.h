/* SPDX-License-Identifier: 0BSD */
#ifndef CG_IS_NAN_F32_H
#define CG_IS_NAN_F32_H

#include "cg_base.h"

/* y = 1 where x is NaN, else 0. x and y may be the same array. */
static inline void cg_is_nan_f32(int32_t n, const float *x, float *y)
{
    for (int32_t i = 0; i < n; i++) {
        y[i] = x[i] != x[i] ? 1.0f : 0.0f;
    }
}

#endif
