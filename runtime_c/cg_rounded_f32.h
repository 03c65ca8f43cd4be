/* SPDX-License-Identifier: 0BSD */
#ifndef CG_ROUNDED_F32_H
#define CG_ROUNDED_F32_H

#include "cg_bits_f32.h"

/* value * 2^power rounded once, to nearest even: infinity where float ends, subnormal below the
   normal numbers. In whole numbers, so that no library for 64-bit conversions is linked. */
static inline float cg_rounded_f32(int64_t value, int32_t power)
{
    const uint32_t sign = value < 0 ? 0x80000000u : 0u;
    uint64_t size = value < 0 ? 0u - (uint64_t)value : (uint64_t)value;
    int32_t exponent = power + 63 + 127;
    if (size == 0u) {
        return 0.0f;
    }
    while ((size >> 32) == 0u) {
        size <<= 32;
        exponent -= 32;
    }
    while ((size >> 63) == 0u) {
        size <<= 1;
        exponent--;
    }
    if (exponent < 1) {
        const int32_t lost = exponent < -40 ? 41 : 1 - exponent;
        const uint64_t below = size << (64 - lost);
        size = (size >> lost) | (below != 0u ? 1u : 0u);
        exponent = 1;
    } else if (exponent > 254) {
        return cg_from_bits_f32(sign | 0x7f800000u);
    }
    const uint32_t rest = (uint32_t)(size >> 8) | ((size & 255u) != 0u ? 1u : 0u);
    uint32_t bits = (uint32_t)(size >> 40) + ((uint32_t)(exponent - 1) << 23);
    if (rest > 0x80000000u || (rest == 0x80000000u && (bits & 1u) != 0u)) {
        bits++;
    }
    return cg_from_bits_f32(sign | bits);
}

#endif
