/* SPDX-License-Identifier: 0BSD */
#ifndef CG_CENTRE_F32_H
#define CG_CENTRE_F32_H

#include "cg_base.h"

/* y = (x - high) - low: a centre in two floats, since one would be too coarse where the values lie
   close together and far from zero. x and y may be the same array. */
static inline void cg_centre_f32(const float *high, const float *low, int32_t n, const float *x,
                                 float *y)
{
    for (int32_t i = 0; i < n; i++) {
        y[i] = (x[i] - high[i]) - low[i];
    }
}

#endif
