/* SPDX-License-Identifier: 0BSD */
#ifndef CG_EXP_F32_H
#define CG_EXP_F32_H

#include "cg_base.h"
#include "cg_bits_f32.h"
#include "cg_mul_high_u32.h"

/* e^x = 2^n 2^f with n + f = x log2(e) and 0 <= f < 1; 2^f = 1 + f p(f), a polynomial whose
   coefficients are all positive. Integer arithmetic throughout, rounded once: monotone, in
   [0, 1] for x <= 0, and subnormal results do not depend on how a core treats subnormals.
   Overflow gives infinity, NaN gives NaN. Error below 0.55 ulp (docs/math.md). */
static inline float cg_exp_f32(float x)
{
    const uint32_t negative = cg_bits_f32(x) >> 31;
    uint32_t magnitude = cg_bits_f32(x) & 0x7FFFFFFFu;
    if (magnitude > 0x7F800000u) {
        return x;
    }
    if (magnitude < 0x33000000u) { /* 2^-25 */
        return 1.0f;
    }
    if (magnitude > 0x42D00000u) { /* 104: e^-104 rounds to 0, e^104 overflows */
        magnitude = 0x42D00000u;
    }

    /* |x| log2(e): 23 bits of the mantissa and 39 of log2(e) stand behind the point */
    const uint64_t product = (uint64_t)((magnitude & 0x7FFFFFu) | 0x800000u) * 0xB8AA3B295Cu;
    const uint64_t scaled = product >> (157u - (magnitude >> 23)); /* now 32 bits do */
    const uint32_t flip = 0u - negative; /* -t is ~t, but for a last bit that does not matter */
    const uint32_t f = (uint32_t)scaled ^ flip;
    const uint32_t exponent = ((uint32_t)(scaled >> 32) ^ flip) + 151u; /* n + 127 + 24 */
    if (exponent > 278u) {
        return cg_from_bits_f32(0x7F800000u);
    }

    uint32_t p = 0x00518000u + cg_mul_high_u32(f, 0x000E4000u);
    p = 0x027A444Cu + cg_mul_high_u32(f, p);
    p = 0x0E3439C0u + cg_mul_high_u32(f, p);
    p = 0x3D7FAC2Au + cg_mul_high_u32(f, p);
    p = 0xB17215CAu + cg_mul_high_u32(f, p);
    const uint32_t mantissa = 0x40000000u | (cg_mul_high_u32(f, p) >> 2);
    if (exponent > 24u) {
        return cg_from_bits_f32(((exponent - 25u) << 23) + ((mantissa + 0x40u) >> 7));
    }
    return cg_from_bits_f32(((mantissa >> (31u - exponent)) + 1u) >> 1);
}

#endif
