/* SPDX-License-Identifier: 0BSD */
#ifndef CG_LOGISTIC_F32_H
#define CG_LOGISTIC_F32_H

#include "cg_base.h"
#include "cg_exp_f32.h"

/* 1 / (1 + e^-x); below -40 that is e^x to the last bit, and so no quotient is subnormal.
   Monotone. NaN gives NaN. Error below 2.6 ulp (docs/math.md). */
static inline float cg_logistic_f32(float x)
{
    const int32_t small = x < -40;
    const float power = cg_exp_f32(small ? x : -x);
    return small ? power : 1.0f / (1.0f + power);
}

#endif
