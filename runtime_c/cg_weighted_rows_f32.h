/* SPDX-License-Identifier: 0BSD */
#ifndef CG_WEIGHTED_ROWS_F32_H
#define CG_WEIGHTED_ROWS_F32_H

#include "cg_quotient_f32.h"

/* y = sum of w[i] row[index[i]] / sum of w[i], over k rows of table, each of n_out values. */
static inline void cg_weighted_rows_f32(const float *table, const int32_t *index, const float *w,
                                        int32_t k, int32_t n_out, float *y)
{
    float total = 0.0f;
    for (int32_t i = 0; i < k; i++) {
        total += w[i];
    }
    for (int32_t j = 0; j < n_out; j++) {
        float sum = 0.0f;
        for (int32_t i = 0; i < k; i++) {
            sum += w[i] * table[index[i] * n_out + j];
        }
        y[j] = cg_quotient_f32(sum, total);
    }
}

#endif
