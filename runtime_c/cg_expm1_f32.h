/* SPDX-License-Identifier: 0BSD */
#ifndef CG_EXPM1_F32_H
#define CG_EXPM1_F32_H

#include "cg_exp_f32.h"
#include "cg_log_f32.h"

/* e^x - 1 = (u - 1) + (x - ln u) u for |x| < 1, u = e^x as it is rounded, to first order in what
   the rounding lost; u - 1 beyond. Error below 2.0 ulp (docs/math.md). */
static inline float cg_expm1_f32(float x)
{
    const float u = cg_exp_f32(x);
    if (u == 1.0f) {
        return x;
    }
    if (!(x > -1.0f && x < 1.0f)) {
        return u - 1.0f;
    }
    return (u - 1.0f) + (x - cg_log_f32(u)) * u;
}

#endif
