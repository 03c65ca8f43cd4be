/* SPDX-License-Identifier: 0BSD */
#ifndef CG_ADD_F32_H
#define CG_ADD_F32_H

#include "cg_base.h"

/* y = x + b, value by value. x and y may be the same array. */
static inline void cg_add_f32(const float *b, int32_t n, const float *x, float *y)
{
    for (int32_t i = 0; i < n; i++) {
        y[i] = x[i] + b[i];
    }
}

#endif
