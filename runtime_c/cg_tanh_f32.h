/* SPDX-License-Identifier: 0BSD */
#ifndef CG_TANH_F32_H
#define CG_TANH_F32_H

#include "cg_base.h"
#include "cg_bits_f32.h"
#include "cg_exp_f32.h"
#include "cg_mul_high_u32.h"

/* tanh x = x - x q(x^2) for |x| < 0.55, with q in integer arithmetic; beyond, +-1 from |x| = 10,
   else 1 - 2 / (e^(2 |x|) + 1) with the sign of x. NaN gives NaN. Error below 1.5 ulp
   (docs/math.md). */
static inline float cg_tanh_f32(float x)
{
    const uint32_t bits = cg_bits_f32(x);
    const uint32_t magnitude = bits & 0x7FFFFFFFu;
    if (magnitude < 0x39800000u || magnitude > 0x7F800000u) { /* 2^-12: tanh x rounds to x */
        return x;
    }
    if (magnitude < 0x3F0CCCCDu) { /* 0.55 */
        const uint32_t fraction = ((magnitude & 0x7FFFFFu) | 0x800000u) << 8;
        const uint32_t fixed = fraction >> (126u - (magnitude >> 23)); /* 2^32 |x| */
        const uint32_t z = cg_mul_high_u32(fixed, fixed);
        uint32_t q = 0x05655A20u - cg_mul_high_u32(z, 0x019BBA70u);
        q = 0x0DC95DD0u - cg_mul_high_u32(z, q);
        q = 0x2221A762u - cg_mul_high_u32(z, q);
        q = 0x555552C5u - cg_mul_high_u32(z, q);
        q = cg_mul_high_u32(z, q);
        return x - x * ((float)q * 2.32830644e-10f); /* 2^-32 */
    }

    float y = 1.0f;
    if (magnitude < 0x41200000u) { /* 10 */
        const float twice = 2.0f * cg_from_bits_f32(magnitude);
        y = 1.0f - 2.0f / (cg_exp_f32(twice) + 1.0f);
    }
    return cg_from_bits_f32(cg_bits_f32(y) | (bits & 0x80000000u));
}

#endif
