/* SPDX-License-Identifier: 0BSD */
#ifndef CG_HOLE_F64_H
#define CG_HOLE_F64_H

#include "cg_bits_f64.h"

/* y = NaN where low <= x <= high, else x, value by value. x and y may be the same array. */
static inline void cg_hole_f64(double low, double high, int32_t n, const double *x, double *y)
{
    for (int32_t i = 0; i < n; i++) {
        y[i] = x[i] >= low && x[i] <= high ? cg_from_bits_f64(0x7ff8000000000000u) : x[i];
    }
}

#endif
