/* SPDX-License-Identifier: 0BSD */
#ifndef CG_DIVIDE_F32_H
#define CG_DIVIDE_F32_H

#include "cg_quotient_f32.h"

/* y = x / b, value by value. x and y may be the same array. */
static inline void cg_divide_f32(const float *b, int32_t n, const float *x, float *y)
{
    for (int32_t i = 0; i < n; i++) {
        y[i] = cg_quotient_f32(x[i], b[i]);
    }
}

#endif
