/* SPDX-License-Identifier: 0BSD */
#ifndef CG_ROUNDED_F32_H
#define CG_ROUNDED_F32_H

#include "cg_bits_f32.h"

/* How many of the highest bits of value are zero; value is not. */
static inline int32_t cg_leading_zeros_u32(uint32_t value)
{
#if defined(__ARM_FEATURE_CLZ)
    return (int32_t)__builtin_clz(value);
#else
    int32_t zeros = 0;
    for (int32_t step = 16; step != 0; step >>= 1) {
        if ((value >> (32 - step)) == 0u) {
            value <<= step;
            zeros += step;
        }
    }
    return zeros;
#endif
}

/* value * 2^power rounded once, to nearest even: infinity where float ends, subnormal below the
   normal numbers. In whole numbers, so that no library for 64-bit conversions is linked. */
static inline float cg_rounded_f32(int64_t value, int32_t power)
{
    const uint32_t sign = value < 0 ? 0x80000000u : 0u;
    const uint64_t size = value < 0 ? 0u - (uint64_t)value : (uint64_t)value;
    uint32_t high = (uint32_t)(size >> 32);
    uint32_t low = (uint32_t)size;
    int32_t exponent = power + 63 + 127;
    if (high == 0u) {
        high = low;
        low = 0u;
        exponent -= 32;
    }
    if (high == 0u) {
        return 0.0f;
    }
    const int32_t zeros = cg_leading_zeros_u32(high);
    if (zeros != 0) {
        high = (high << zeros) | (low >> (32 - zeros));
        low <<= zeros;
        exponent -= zeros;
    }
    high |= low != 0u ? 1u : 0u; /* 24 bits, 7 more, and whether anything is below these */
    if (exponent < 1) {
        const int32_t lost = exponent < -30 ? 31 : 1 - exponent;
        high = (high >> lost) | ((high << (32 - lost)) != 0u ? 1u : 0u);
        exponent = 1;
    } else if (exponent > 254) {
        return cg_from_bits_f32(sign | 0x7f800000u);
    }
    const uint32_t rest = high & 255u;
    uint32_t bits = (high >> 8) + ((uint32_t)(exponent - 1) << 23);
    if (rest > 128u || (rest == 128u && (bits & 1u) != 0u)) {
        bits++;
    }
    return cg_from_bits_f32(sign | bits);
}

#endif
