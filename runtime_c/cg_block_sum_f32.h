/* SPDX-License-Identifier: 0BSD */
#ifndef CG_BLOCK_SUM_F32_H
#define CG_BLOCK_SUM_F32_H

#include "cg_block_columns_f32.h"

/* w.x + b but for a power of two that depends on x: what its sign is asked from; see
   cg_block_columns_f32. q holds n_in + 1 values of scratch. */
static inline int64_t cg_block_sum_f32(const int32_t *weight, const int8_t *power, int32_t spare,
                                       int32_t n_in, const float *x, int32_t *q)
{
    cg_block_columns_f32(power, spare, n_in, x, q);
    return cg_dot_i32(weight, q, n_in + 1);
}

#endif
