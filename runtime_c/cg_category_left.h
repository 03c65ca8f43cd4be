/* SPDX-License-Identifier: 0BSD */
#ifndef CG_CATEGORY_LEFT_H
#define CG_CATEGORY_LEFT_H

#include "cg_bits_f32.h"
#include "cg_set_holds.h"

/* Whether a set holds the whole part of x; numbers below 0, and from 2^23 on, have none. Nor have
   fractions where that is 0; above -1 all have one where it is 2. NaN goes where missing_left says. */
static inline int32_t cg_category_left(float x, const uint8_t *set, uint32_t missing_left,
                                       uint32_t fractions)
{
    const uint32_t bits = cg_bits_f32(x);
    const uint32_t size = bits & 0x7fffffffu;
    const uint32_t negative = size == 0u ? 0u : bits >> 31;
    uint32_t category = 0xffffffffu;
    if (size > 0x7f800000u) {
        return missing_left != 0u;
    }
    if (size < 0x3f800000u) {
        category = size == 0u || negative + 1u <= fractions ? 0u : category;
    } else if (negative == 0u && size < 0x4b000000u) {
        const uint32_t below = 150u - (size >> 23);
        const uint32_t digits = (size & 0x7fffffu) | 0x800000u;
        category = fractions != 0u || digits >> below << below == digits ? digits >> below : category;
    }
    return cg_set_holds(set, category);
}

#endif
