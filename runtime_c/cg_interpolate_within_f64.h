/* SPDX-License-Identifier: 0BSD */
#ifndef CG_INTERPOLATE_WITHIN_F64_H
#define CG_INTERPOLATE_WITHIN_F64_H

#include "cg_bits_f64.h"
#include "cg_interpolate_f64.h"

/* As cg_interpolate_f64, with NaN beyond the ends. x and y may be the same array. */
static inline void cg_interpolate_within_f64(const double *knots, const double *values,
                                             int32_t n_knots, int32_t n, const double *x, double *y)
{
    for (int32_t i = 0; i < n; i++) {
        const double value = x[i];
        const int within = value >= knots[0] && value <= knots[n_knots - 1];
        y[i] = within ? cg_on_line_f64(knots, values, n_knots, value)
                      : cg_from_bits_f64(0x7ff8000000000000u);
    }
}

#endif
