/* SPDX-License-Identifier: 0BSD */
#ifndef CG_ADD_COLUMN_I64_H
#define CG_ADD_COLUMN_I64_H

#include "cg_dot_i32.h"

/* y[i] += w[i][column] * value, exact; w (n_out, n_in), all factors within 2^30. */
static inline void cg_add_column_i64(const int32_t *w, int32_t n_out, int32_t n_in, int32_t column,
                                     int32_t value, int64_t *y)
{
    for (int32_t i = 0; i < n_out; i++) {
        y[i] += cg_product_i32(w[i * n_in + column], value);
    }
}

#endif
