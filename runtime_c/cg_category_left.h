/* SPDX-License-Identifier: 0BSD */
#ifndef CG_CATEGORY_LEFT_H
#define CG_CATEGORY_LEFT_H

#include "cg_bits_f32.h"
#include "cg_set_holds.h"

/* Whether a set holds the whole part of x; numbers below 0, and from 2^23 on, have none. Between -1
   and 0 it is 0 where truncates says so. NaN goes where missing_left says. */
static inline int32_t cg_category_left(float x, const uint8_t *set, uint32_t missing_left,
                                       uint32_t truncates)
{
    const uint32_t bits = cg_bits_f32(x);
    const uint32_t size = bits & 0x7fffffffu;
    const uint32_t negative = size == 0u ? 0u : bits >> 31;
    uint32_t category = 0xffffffffu;
    if (size > 0x7f800000u) {
        return missing_left != 0u;
    }
    if (size < 0x3f800000u && (negative == 0u || truncates != 0u)) {
        category = 0u;
    } else if (negative == 0u && size < 0x4b000000u) {
        category = ((size & 0x7fffffu) | 0x800000u) >> (150u - (size >> 23));
    }
    return cg_set_holds(set, category);
}

#endif
