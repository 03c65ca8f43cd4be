/* SPDX-License-Identifier: 0BSD */
#ifndef CG_CATEGORY_LEFT_F64_H
#define CG_CATEGORY_LEFT_F64_H

#include "cg_bits_f64.h"
#include "cg_set_holds.h"

/* Whether a set holds the whole part of x, as cg_category_left asks for floats. */
static inline int32_t cg_category_left_f64(double x, const uint8_t *set, uint32_t missing_left,
                                           uint32_t fractions)
{
    const uint64_t bits = cg_bits_f64(x);
    const uint64_t size = bits & 0x7fffffffffffffffu;
    const uint64_t negative = size == 0u ? 0u : bits >> 63;
    uint32_t category = 0xffffffffu;
    if (size > 0x7ff0000000000000u) {
        return missing_left != 0u;
    }
    if (size < 0x3ff0000000000000u) {
        category = size == 0u || negative + 1u <= fractions ? 0u : category;
    } else if (negative == 0u && size < 0x4160000000000000u) {
        const uint32_t below = 1075u - (uint32_t)(size >> 52);
        const uint64_t digits = (size & 0xfffffffffffffu) | 0x10000000000000u;
        if (fractions != 0u || digits >> below << below == digits) {
            category = (uint32_t)(digits >> below);
        }
    }
    return cg_set_holds(set, category);
}

#endif
