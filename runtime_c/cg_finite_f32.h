/* SPDX-License-Identifier: 0BSD */
#ifndef CG_FINITE_F32_H
#define CG_FINITE_F32_H

#include "cg_base.h"

/* 1 where all values are finite, else 0. */
static inline int32_t cg_finite_f32(int32_t n, const float *x)
{
    for (int32_t i = 0; i < n; i++) {
        if (x[i] - x[i] != 0.0f) {
            return 0;
        }
    }
    return 1;
}

#endif
