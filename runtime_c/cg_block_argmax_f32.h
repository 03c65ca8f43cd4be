/* SPDX-License-Identifier: 0BSD */
#ifndef CG_BLOCK_ARGMAX_F32_H
#define CG_BLOCK_ARGMAX_F32_H

#include "cg_dots_i32.h"

/* The first index of the largest value of W x + b, decided in whole numbers. q (n): see
   cg_block_columns_f32. */
static inline int32_t cg_block_argmax_f32(const int32_t *weight, int32_t n_out, int32_t n,
                                          const int32_t *q)
{
    int32_t best = 0;
    int64_t largest = INT64_MIN;
    int64_t sum[CG_DOTS];
    for (int32_t i = 0; i < n_out; i++) {
        if (i % CG_DOTS == 0) {
            cg_dots_i32(weight + i * n, q, n, n_out - i, sum);
        }
        if (sum[i % CG_DOTS] > largest) {
            largest = sum[i % CG_DOTS];
            best = i;
        }
    }
    return best;
}

#endif
