/* SPDX-License-Identifier: 0BSD */
#ifndef CG_LINEAR_LEAVES_F64_H
#define CG_LINEAR_LEAVES_F64_H

#include "cg_leaf_end_f64.h"

/* For each of n_out outputs the sum over n_trees trees of the terms of a leaf: weight times
   x[feature], or times 1 where feature is n_in. leaf[t] is where the leaf starts: with its value
   for NaN, then its constant. */
static inline void cg_linear_leaves_f64(const uint16_t *feature, const double *weight,
                                        int32_t n_out, int32_t n_trees, int32_t n_in,
                                        const double *leaf, const double *x, double *y)
{
    for (int32_t k = 0; k < n_out; k++) {
        double total = 0.0;
        for (int32_t t = 0; t < n_trees; t++) {
            const int32_t first = (int32_t)leaf[t];
            const int32_t end = cg_leaf_end_f64(feature, n_in, first, x);
            double sum = weight[end == first + 1 ? first : first + 1];
            for (int32_t i = first + 2; i < end; i++) {
                sum += weight[i] * x[feature[i]];
            }
            total += sum;
        }
        y[k] = total;
        leaf += n_trees;
    }
}

#endif
