/* SPDX-License-Identifier: 0BSD */
#ifndef CG_LOG_F32_H
#define CG_LOG_F32_H

#include "cg_base.h"
#include "cg_bits_f32.h"
#include "cg_mul_high_u32.h"

/* ln x = k ln 2 + f p(f), x = 2^k (1 + f), f in [sqrt(1/2) - 1, sqrt(2) - 1]. The polynomial is
   one in u = f + 0.2929 >= 0 with coefficients of alternating sign, so that every step is a
   difference of positive numbers. Integer arithmetic throughout, rounded once.
   ln 0 = -infinity, ln of a negative number and of NaN is NaN. Error below 0.59 ulp
   (docs/math.md). */
static inline float cg_log_f32(float x)
{
    static const uint32_t coefficient[10] = {
        0x0A06009Eu, 0x2B1632FCu, 0x56EA24C9u, 0x71FBA86Au, 0x7452EF65u,
        0x6A3E7E03u, 0x603F01F4u, 0x5C6F5739u, 0x64EC8579u, 0x977598AFu,
    };
    uint32_t mantissa = cg_bits_f32(x);
    if (mantissa - 1u >= 0x7F7FFFFFu) { /* zero, infinity, NaN or negative */
        if ((mantissa & 0x7FFFFFFFu) == 0u) {
            return cg_from_bits_f32(0xFF800000u);
        }
        return cg_from_bits_f32(mantissa == 0x7F800000u ? mantissa : 0x7FC00000u);
    }

    int32_t k = (int32_t)(mantissa >> 23) - 127;
    mantissa &= 0x7FFFFFu;
    if (k > -127) {
        mantissa |= 0x800000u;
    } else {
        k++;
        while (mantissa < 0x800000u) {
            mantissa <<= 1;
            k--;
        }
    }
    if (mantissa < 0xB504F3u) { /* sqrt(2) */
        mantissa <<= 1;
    } else {
        k++;
    }
    const int32_t f = (int32_t)mantissa - 0x1000000;   /* 24 bits behind the point */
    const uint32_t u = (mantissa - 0xB504F3u) << 8;    /* 32 */
    uint32_t p = 0;                                    /* 31 */
    for (int32_t i = 0; i < 10; i++) {
        p = coefficient[i] - cg_mul_high_u32(u, p);
    }

    /* 55 bits behind the point, below 2^62 */
    const int64_t sum = (int64_t)f * (int64_t)p + (int64_t)k * 0x58B90BFBE8E7BD;
    if (sum == 0) {
        return 0.0f;
    }
    uint64_t magnitude = (uint64_t)(sum < 0 ? -sum : sum);
    uint32_t exponent = sum < 0 ? 0x100u + 133u : 133u; /* the sign stands above it */
    while (magnitude < 0x4000000000000000u) {
        magnitude <<= 1;
        exponent--;
    }
    const uint32_t rounded = ((uint32_t)(magnitude >> 32) + 0x40u) >> 7;
    return cg_from_bits_f32((exponent << 23) + rounded);
}

#endif
