/* SPDX-License-Identifier: 0BSD */
#ifndef CG_ROUND32_F64_H
#define CG_ROUND32_F64_H

#include "cg_base.h"

/* y = x rounded to float, to nearest even. x and y may be the same array. */
static inline void cg_round32_f64(int32_t n, const double *x, double *y)
{
    for (int32_t i = 0; i < n; i++) {
        y[i] = (double)(float)x[i];
    }
}

#endif
