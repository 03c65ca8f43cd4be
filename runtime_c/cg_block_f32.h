/* SPDX-License-Identifier: 0BSD */
#ifndef CG_BLOCK_F32_H
#define CG_BLOCK_F32_H

#include "cg_bits_f32.h"

/* The float with these bits over 2^(top - 157), rounded to a whole number (halves away from zero),
   where `exponent` is the biased one; 0 where top is 32 or more above it. Needs top >= exponent. */
static inline int32_t cg_whole_f32(uint32_t bits, int32_t exponent, int32_t top)
{
    const int32_t shift = top - exponent;
    if (shift > 31) {
        return 0;
    }
    const uint32_t size = ((((bits << 8) | 0x80000000u) >> shift) + 1u) >> 1;
    const uint32_t sign = (uint32_t)((int32_t)bits >> 31);
    return (int32_t)((size ^ sign) - sign);
}

/* Brings the columns x[j] 2^power[j] to one exponent: q[j] = x[j] 2^power[j] / 2^(top - 157), in
   whole numbers up to 2^(31 - spare), where top, the result, is `spare` above the largest biased
   exponent of a column and of `least`. Every q[j] is within 1/2; those of the 8 - spare largest
   exponents are exact. Needs power[j] <= least - 33: so 0, and subnormals as well, become 0.
   Infinity and NaN count as numbers beyond the largest; n >= 1. */
static inline int32_t cg_block_f32(const int8_t *power, int32_t least, int32_t spare, int32_t n,
                                   const float *x, int32_t *q)
{
    const float *const end = x + n;
    int32_t top = least;
    do {
        const int32_t exponent = (int32_t)((cg_bits_f32(*x++) << 1) >> 24) + *power++;
        top = exponent > top ? exponent : top;
        *q++ = exponent;
    } while (x != end);
    top += spare;
    do {
        const int32_t exponent = *--q;
        *q = cg_whole_f32(cg_bits_f32(*--x), exponent, top);
    } while (--n != 0);
    return top;
}

#endif
