/* SPDX-License-Identifier: 0BSD */
#ifndef CG_BLOCK_COLUMNS_F32_H
#define CG_BLOCK_COLUMNS_F32_H

#include "cg_block_f32.h"
#include "cg_dot_i32.h"

/* The columns of W x + b at one exponent, q (n_in + 1); the last is the 1 that b multiplies.
   A coefficient is weight 2^(scale + 157 + power of its column), so that a row of W x + b is the
   exact integer sum of weight q, times 2^(scale + top). */
static inline int32_t cg_block_columns_f32(const int8_t *power, int32_t spare, int32_t n_in,
                                           const float *x, int32_t *q)
{
    const int32_t one = power[n_in] + 127;
    const int32_t top = cg_block_f32(power, one, spare, n_in, x, q);
    q[n_in] = cg_whole_f32(0u, one, top);
    return top;
}

#endif
