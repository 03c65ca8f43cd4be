/* SPDX-License-Identifier: 0BSD */
#ifndef CG_IS_VALUE_F32_H
#define CG_IS_VALUE_F32_H

#include "cg_base.h"

/* y = 1 where x is the missing value, else 0. x and y may be the same array. */
static inline void cg_is_value_f32(float missing, int32_t n, const float *x, float *y)
{
    for (int32_t i = 0; i < n; i++) {
        y[i] = x[i] == missing ? 1.0f : 0.0f;
    }
}

#endif
