/* SPDX-License-Identifier: 0BSD */
#ifndef CG_BLOCK_LAYER_F32_H
#define CG_BLOCK_LAYER_F32_H

#include "cg_block_f32.h"
#include "cg_dots_i32.h"
#include "cg_rounded_f32.h"

/* max(W x + b, 0) as the columns of the next map, next (n_out + 1), without becoming floats between;
   see cg_block_columns_f32. q (n): the columns of this map, whose rows are sums times 2^unit. power,
   spare: of the next map, whose top is the result. exponents: n_out values of scratch. */
static inline int32_t cg_block_layer_f32(const int32_t *weight, int32_t unit, int32_t n_out,
                                         int32_t n, const int32_t *q, const int8_t *power,
                                         int32_t spare, int32_t *exponents, int32_t *next)
{
    const int32_t one = power[n_out] + 127;
    int32_t top = one;
    int64_t sum[CG_DOTS];
    for (int32_t i = 0; i < n_out; i++) {
        if (i % CG_DOTS == 0) {
            cg_dots_i32(weight + i * n, q, n, n_out - i, sum);
        }
        const uint64_t size = sum[i % CG_DOTS] > 0 ? (uint64_t)sum[i % CG_DOTS] : 0u;
        uint32_t leading = (uint32_t)(size >> 32);
        uint32_t rest = (uint32_t)size;
        int32_t exponent = unit + power[i] + 63 + 127;
        if (leading == 0u) {
            leading = rest;
            rest = 0u;
            exponent -= 32;
        }
        if (leading != 0u) {
            const int32_t zeros = cg_leading_zeros_u32(leading);
            leading = (leading << zeros) | ((rest >> 1) >> (31 - zeros));
            exponent -= zeros;
            top = exponent > top ? exponent : top;
        } else {
            exponent = one;
        }
        exponents[i] = exponent;
        next[i] = (int32_t)leading;
    }
    top += spare;
    for (int32_t i = 0; i < n_out; i++) {
        const int32_t shift = top - exponents[i];
        next[i] = shift > 31 ? 0 : (int32_t)((((uint32_t)next[i] >> shift) + 1u) >> 1);
    }
    next[n_out] = cg_whole_f32(0u, one, top);
    return top;
}

#endif
