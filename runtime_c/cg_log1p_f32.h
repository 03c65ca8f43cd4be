/* SPDX-License-Identifier: 0BSD */
#ifndef CG_LOG1P_F32_H
#define CG_LOG1P_F32_H

#include "cg_log_f32.h"

/* ln(1 + x) = ln u + (x - (u - 1)) / u, u = 1 + x as it is rounded, to first order in what the
   rounding lost. ln 0 = -infinity, NaN below. Error below 2.0 ulp (docs/math.md). */
static inline float cg_log1p_f32(float x)
{
    const float u = 1.0f + x;
    if (u == 1.0f) {
        return x;
    }
    if (!(u > 0.0f) || u == x) {
        return cg_log_f32(u);
    }
    return cg_log_f32(u) + (x - (u - 1.0f)) / u;
}

#endif
