/* SPDX-License-Identifier: 0BSD */
#ifndef CG_ADD_COLUMN_F32_H
#define CG_ADD_COLUMN_F32_H

#include "cg_base.h"

/* y[i] += w[i][column] * value, with the rounding errors gathered in error[i] (Kahan's sum): the
   true sum is y[i] - error[i] to within a few units in the last place. w (n_out, n_in). */
static inline void cg_add_column_f32(const float *w, int32_t n_out, int32_t n_in, int32_t column,
                                     float value, float *y, float *error)
{
    for (int32_t i = 0; i < n_out; i++) {
        const float term = w[i * n_in + column] * value - error[i];
        const float sum = y[i] + term;
        error[i] = (sum - y[i]) - term;
        y[i] = sum;
    }
}

#endif
