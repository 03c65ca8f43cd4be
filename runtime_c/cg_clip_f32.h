/* SPDX-License-Identifier: 0BSD */
#ifndef CG_CLIP_F32_H
#define CG_CLIP_F32_H

#include "cg_base.h"

/* y = min(max(x, low), high). x and y may be the same array. */
static inline void cg_clip_f32(float low, float high, int32_t n, const float *x, float *y)
{
    for (int32_t i = 0; i < n; i++) {
        const float value = x[i];
        y[i] = value < low ? low : value > high ? high : value;
    }
}

#endif
