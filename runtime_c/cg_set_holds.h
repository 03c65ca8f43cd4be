/* SPDX-License-Identifier: 0BSD */
#ifndef CG_SET_HOLDS_H
#define CG_SET_HOLDS_H

#include "cg_base.h"

/* Whether a set holds a category. It starts with two bytes, the lower first: twice the number of bytes
   behind them, and 1 if the set holds all numbers that have no bit there. */
static inline int32_t cg_set_holds(const uint8_t *set, uint32_t category)
{
    const uint32_t head = set[0] | (uint32_t)set[1] << 8;
    if (category >> 3 >= head >> 1) {
        return (int32_t)(head & 1u);
    }
    return (set[2u + (category >> 3)] >> (category & 7u)) & 1;
}

#endif
