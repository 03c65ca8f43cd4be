/* SPDX-License-Identifier: 0BSD */
#ifndef CG_HOLE_F32_H
#define CG_HOLE_F32_H

#include "cg_bits_f32.h"

/* y = NaN where low <= x <= high, else x, value by value. x and y may be the same array. */
static inline void cg_hole_f32(float low, float high, int32_t n, const float *x, float *y)
{
    for (int32_t i = 0; i < n; i++) {
        y[i] = x[i] >= low && x[i] <= high ? cg_from_bits_f32(0x7fc00000u) : x[i];
    }
}

#endif
