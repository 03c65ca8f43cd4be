/* SPDX-License-Identifier: 0BSD */
#ifndef CG_ADD_PAIRS_I64_H
#define CG_ADD_PAIRS_I64_H

#include "cg_dot_i32.h"

/* Adds the share of one support vector of class `own` to the values y of all pairs of classes
   (0,1), (0,2) .. (1,2) ..: dual[j - 1] * value for pair (own, j), dual[i] * value for (i, own).
   dual: that vector's n_classes - 1 coefficients, within 2^30 as value is. Exact. */
static inline void cg_add_pairs_i64(const int32_t *dual, int32_t n_classes, int32_t own,
                                    int32_t value, int64_t *y)
{
    int32_t pair = own - 1;
    for (int32_t step = n_classes - 2; step > n_classes - 2 - own; step--) {
        y[pair] += cg_product_i32(*dual++, value);
        pair += step;
    }
    for (int32_t other = own + 1; other < n_classes; other++) {
        y[++pair] += cg_product_i32(*dual++, value);
    }
}

#endif
