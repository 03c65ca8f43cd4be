/* SPDX-License-Identifier: 0BSD */
#ifndef CG_ADD_PAIRS_F32_H
#define CG_ADD_PAIRS_F32_H

#include "cg_base.h"

/* Adds the share of one support vector of class `own` to the values y of all pairs of classes
   (0,1), (0,2) .. (1,2) ..: dual[j - 1] * value for pair (own, j), dual[i] * value for (i, own).
   dual: that vector's column of (n_classes - 1, n_vectors). Kahan's sum, as in cg_add_column. */
static inline void cg_add_pairs_f32(const float *dual, int32_t n_vectors, int32_t n_classes,
                                    int32_t own, float value, float *y, float *error)
{
    int32_t pair = own - 1;
    for (int32_t other = 0; other < n_classes; other++) {
        if (other == own) {
            pair = own * (2 * n_classes - own - 1) / 2;
            continue;
        }
        const int32_t row = other < own ? other : other - 1;
        const float term = dual[row * n_vectors] * value - error[pair];
        const float sum = y[pair] + term;
        error[pair] = (sum - y[pair]) - term;
        y[pair] = sum;
        pair += other < own ? n_classes - 2 - other : 1;
    }
}

#endif
