/* SPDX-License-Identifier: 0BSD */
#ifndef CG_INTERPOLATE_WITHIN_F32_H
#define CG_INTERPOLATE_WITHIN_F32_H

#include "cg_bits_f32.h"
#include "cg_interpolate_f32.h"

/* As cg_interpolate_f32, with NaN beyond the ends. x and y may be the same array. */
static inline void cg_interpolate_within_f32(const float *knots, const float *values,
                                             int32_t n_knots, int32_t n, const float *x, float *y)
{
    for (int32_t i = 0; i < n; i++) {
        const float value = x[i];
        const int within = value >= knots[0] && value <= knots[n_knots - 1];
        y[i] = within ? cg_on_line_f32(knots, values, n_knots, value)
                      : cg_from_bits_f32(0x7fc00000u);
    }
}

#endif
