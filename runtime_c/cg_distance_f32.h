/* SPDX-License-Identifier: 0BSD */
#ifndef CG_DISTANCE_F32_H
#define CG_DISTANCE_F32_H

#include "cg_squared_distance_f32.h"

/* y[i] = |x - centre i|^2; centres (n_out, n_in) row by row. x and y must not overlap. */
static inline void cg_distance_f32(const float *centres, int32_t n_out, int32_t n_in,
                                   const float *x, float *y)
{
    for (int32_t i = 0; i < n_out; i++) {
        y[i] = cg_squared_distance_f32(centres + i * n_in, n_in, x);
    }
}

#endif
