/* SPDX-License-Identifier: 0BSD */
#ifndef CG_MUL_HIGH_U32_H
#define CG_MUL_HIGH_U32_H

#include "cg_base.h"

/* floor(a b / 2^32): the product of two fractions with 32 bits behind the point. */
static inline uint32_t cg_mul_high_u32(uint32_t a, uint32_t b)
{
    return (uint32_t)(((uint64_t)a * b) >> 32);
}

#endif
