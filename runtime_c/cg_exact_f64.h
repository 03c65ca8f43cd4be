/* SPDX-License-Identifier: 0BSD */
#ifndef CG_EXACT_F64_H
#define CG_EXACT_F64_H

#include "cg_base.h"

/* Sums of positive binary64 numbers as integers, each rounded to nearest even like the hardware of
   a PC does it: the votes of a forest are counted in these, in the order of its trees, where
   cheaper arithmetic cannot tell which class leads. Numbers are given and returned as their bits;
   they are zero or normal. */

/* a + b. */
static inline uint64_t cg_exact_add(uint64_t a, uint64_t b)
{
    const uint64_t large = a > b ? a : b;
    const uint64_t small = a > b ? b : a;
    if (small == 0u) {
        return large;
    }
    uint32_t exponent = (uint32_t)(large >> 52);
    const uint32_t gap = exponent - (uint32_t)(small >> 52);
    const uint64_t hidden = (uint64_t)1 << 52;
    const uint64_t mask = hidden - 1u;
    uint64_t sum = ((large & mask) | hidden) << 10;
    uint64_t addend = ((small & mask) | hidden) << 10;
    if (gap > 63u) {
        addend = 1u;
    } else if (gap > 0u) {
        const uint64_t lost = addend << (64u - gap);
        addend = (addend >> gap) | (lost != 0u ? 1u : 0u);
    }
    sum += addend;
    if ((sum >> 63) != 0u) {
        sum = (sum >> 1) | (sum & 1u);
        exponent++;
    }
    sum += 511u + ((sum >> 10) & 1u);
    return ((uint64_t)(exponent - 1u) << 52) + (sum >> 10);
}

/* dividend * 2^(exponent - 1140) / n for dividend > 0 and 0 < n < 2^31, by long division. */
static inline uint64_t cg_exact_quotient(uint64_t dividend, uint32_t exponent, uint32_t n)
{
    uint64_t quotient = 0u;
    uint32_t rest = 0u;
    while ((quotient >> 53) == 0u) {
        rest = (rest << 1) | (uint32_t)(dividend >> 63);
        dividend <<= 1;
        quotient <<= 1;
        if (rest >= n) {
            rest -= n;
            quotient |= 1u;
        }
        exponent--;
    }
    const uint64_t half = quotient & 1u;
    const uint64_t even = (quotient >> 1) & 1u;
    quotient >>= 1;
    if (half != 0u && (rest != 0u || dividend != 0u || even != 0u)) {
        quotient++;
    }
    return ((uint64_t)(exponent - 1u) << 52) + quotient;
}

/* a / n for a zero or normal. */
static inline uint64_t cg_exact_divide(uint64_t a, uint32_t n)
{
    const uint64_t hidden = (uint64_t)1 << 52;
    const uint64_t dividend = ((a & (hidden - 1u)) | hidden) << 11;
    return a == 0u ? 0u : cg_exact_quotient(dividend, (uint32_t)(a >> 52) + 54u, n);
}

/* count / n of whole numbers, count > 0. */
static inline uint64_t cg_exact_share(uint32_t count, uint32_t n)
{
    return cg_exact_quotient((uint64_t)count << 32, 1108u, n);
}

#endif
