/* SPDX-License-Identifier: 0BSD */
#ifndef CG_BLOCK_AFFINE_F32_H
#define CG_BLOCK_AFFINE_F32_H

#include "cg_block_columns_f32.h"
#include "cg_dots_i32.h"
#include "cg_rounded_f32.h"

/* y = W x + b, each sum rounded once; see cg_block_columns_f32. x and y must not overlap. */
static inline void cg_block_affine_f32(const int32_t *weight, const int8_t *power, int32_t spare,
                                       int32_t scale, int32_t n_out, int32_t n_in, const float *x,
                                       int32_t *q, float *y)
{
    const int32_t top = cg_block_columns_f32(power, spare, n_in, x, q);
    int64_t sum[CG_DOTS];
    for (int32_t i = 0; i < n_out; i++) {
        if (i % CG_DOTS == 0) {
            cg_dots_i32(weight + i * (n_in + 1), q, n_in + 1, n_out - i, sum);
        }
        y[i] = cg_rounded_f32(sum[i % CG_DOTS], top + scale);
    }
}

#endif
