/* SPDX-License-Identifier: 0BSD */
#ifndef CG_COS_F32_H
#define CG_COS_F32_H

#include "cg_mul_high_u32.h"
#include "cg_rounded_f32.h"

/* |x| 2 / pi modulo 4, with 62 bits behind the point: 96 bits of 2 / pi, from the one of weight 2
   in the product on (Payne and Hanek). Exact to 2^-62 however large x is. */
static inline uint64_t cg_quarter_turns_f32(uint32_t magnitude)
{
    static const uint32_t digits[9] = {
        0u,          0u,          0xA2F9836Eu, 0x4E441529u, 0xFC2757D1u,
        0xF534DDC0u, 0xDB629599u, 0x3C439041u, 0xFE5163ABu};
    const uint32_t start = (magnitude >> 23) - 88u;
    const uint32_t *digit = digits + (start >> 5);
    const uint64_t mantissa = (magnitude & 0x7FFFFFu) | 0x800000u;
    uint32_t window[3];
    for (int32_t i = 0; i < 3; i++) {
        const uint64_t two = ((uint64_t)digit[i] << 32) | digit[i + 1];
        window[i] = (uint32_t)(two >> (32u - (start & 31u)));
    }
    return ((mantissa * window[0]) << 32) + mantissa * window[1] + ((mantissa * window[2]) >> 32);
}

/* cos x = +-cos(pi t / 2) or +-sin(pi t / 2), t what is left of x 2 / pi beside a whole number n,
   |t| <= 1/2; both are polynomials in t^2, in integer arithmetic, rounded once. NaN and infinity
   give NaN. Error below 0.55 ulp (docs/math.md). */
static inline float cg_cos_f32(float x)
{
    const uint32_t magnitude = cg_bits_f32(x) & 0x7FFFFFFFu;
    if (magnitude >= 0x7F800000u) {
        return cg_from_bits_f32(0x7FC00000u);
    }
    if (magnitude < 0x39800000u) { /* 2^-12: cos x rounds to 1 */
        return 1.0f;
    }
    const uint64_t turns = cg_quarter_turns_f32(magnitude);
    const uint32_t n = (uint32_t)((turns + ((uint64_t)1 << 61)) >> 62);
    uint64_t t = turns - ((uint64_t)n << 62);
    const uint32_t below = (uint32_t)(t >> 63);
    t = below != 0u ? 0u - t : t;
    const uint32_t f = (uint32_t)(t >> 30);
    const uint32_t u = cg_mul_high_u32(f, f);
    if ((n & 1u) == 0u) {
        uint32_t q = 0x02AB8CC8u - cg_mul_high_u32(u, 0x001D9F7Cu);
        q = 0x20783BDAu - cg_mul_high_u32(u, q);
        q = 0x9DE9E63Fu - cg_mul_high_u32(u, q);
        const int64_t y = (int64_t)(0x80000000u - cg_mul_high_u32(u, q));
        return cg_rounded_f32((n & 2u) == 0u ? y : -y, -31);
    }

    uint32_t s = 0x0099654Fu - cg_mul_high_u32(u, 0x00052F22u);
    s = 0x0A335DD6u - cg_mul_high_u32(u, s);
    s = 0x52AEF396u - cg_mul_high_u32(u, s);
    s = 0xC90FDAA2u - cg_mul_high_u32(u, s);
    int32_t power = -63;
    while ((t >> 60) == 0u) { /* t is no float's zero: above 2^-31 */
        t <<= 1;
        power--;
    }
    const int64_t y = (int64_t)((t >> 30) * s);
    const uint32_t negative = (n >> 1) ^ below ^ 1u; /* cos(n pi / 2 + y) = -sin y for n = 1 */
    return cg_rounded_f32((negative & 1u) != 0u ? -y : y, power);
}

#endif
