/* SPDX-License-Identifier: 0BSD */
#ifndef CG_BLOCK_ARGMAX_F32_H
#define CG_BLOCK_ARGMAX_F32_H

#include "cg_block_columns_f32.h"
#include "cg_dots_i32.h"

/* The first index of the largest value of W x + b, decided in whole numbers; see
   cg_block_columns_f32. q holds n_in + 1 values of scratch. */
static inline int32_t cg_block_argmax_f32(const int32_t *weight, const int8_t *power,
                                          int32_t spare, int32_t n_out, int32_t n_in,
                                          const float *x, int32_t *q)
{
    int32_t best = 0;
    int64_t largest = INT64_MIN;
    int64_t sum[CG_DOTS];
    cg_block_columns_f32(power, spare, n_in, x, q);
    for (int32_t i = 0; i < n_out; i++) {
        if (i % CG_DOTS == 0) {
            cg_dots_i32(weight + i * (n_in + 1), q, n_in + 1, n_out - i, sum);
        }
        if (sum[i % CG_DOTS] > largest) {
            largest = sum[i % CG_DOTS];
            best = i;
        }
    }
    return best;
}

#endif
