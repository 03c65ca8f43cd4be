/* SPDX-License-Identifier: 0BSD */
#ifndef CG_QUOTIENT_F32_H
#define CG_QUOTIENT_F32_H

#include "cg_bits_f32.h"

/* a / b with the same bits on every core: soft-float libraries round subnormal quotients each in
   their own way, so those are taken from 2^24 a / b. That rounds twice, and is right to an ulp. */
static inline float cg_quotient_f32(float a, float b)
{
    const float quotient = a / b;
    if ((cg_bits_f32(quotient) & 0x7f800000u) != 0u || a == 0.0f || b - b != 0.0f) {
        return quotient;
    }
    return a * 16777216.0f / b * 5.9604644775390625e-8f;
}

#endif
