/* SPDX-License-Identifier: 0BSD */
#ifndef CG_BLOCK_AFFINE_F32_H
#define CG_BLOCK_AFFINE_F32_H

#include "cg_dots_i32.h"
#include "cg_rounded_f32.h"

/* y = W x + b, each sum times 2^unit rounded once. q (n): see cg_block_columns_f32. */
static inline void cg_block_affine_f32(const int32_t *weight, int32_t unit, int32_t n_out,
                                       int32_t n, const int32_t *q, float *y)
{
    int64_t sum[CG_DOTS];
    for (int32_t i = 0; i < n_out; i++) {
        if (i % CG_DOTS == 0) {
            cg_dots_i32(weight + i * n, q, n, n_out - i, sum);
        }
        y[i] = cg_rounded_f32(sum[i % CG_DOTS], unit);
    }
}

#endif
