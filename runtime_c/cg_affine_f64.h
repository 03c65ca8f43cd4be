/* SPDX-License-Identifier: 0BSD */
#ifndef CG_AFFINE_F64_H
#define CG_AFFINE_F64_H

#include "cg_base.h"

/* y = W x + b. W is n_out rows of n_in. x and y must not overlap. */
static inline void cg_affine_f64(const double *w, const double *b, int32_t n_out, int32_t n_in,
                                 const double *x, double *y)
{
    for (int32_t i = 0; i < n_out; i++) {
        double sum = b[i];
        for (int32_t j = 0; j < n_in; j++) {
            sum += w[i * n_in + j] * x[j];
        }
        y[i] = sum;
    }
}

#endif
