/* SPDX-License-Identifier: 0BSD */
#ifndef CG_FACTORIZE_FROBENIUS_F32_H
#define CG_FACTORIZE_FROBENIUS_F32_H

#include "cg_factors_f64.h"

/* |x - w atoms|. */
static inline double cg_frobenius_divergence_f32(const double *atoms, int32_t n, int32_t n_in,
                                                 const float *x, const double *w)
{
    double sum = 0.0;
    for (int32_t j = 0; j < n_in; j++) {
        const double off = (double)x[j] - cg_mixed_f64(atoms, n, n_in, w, j);
        sum += off * off;
    }
    return cg_root_f64(sum);
}

/* w times atoms x / (atoms (w atoms) + l1 + l2 w). */
static inline void cg_frobenius_step_f32(const double *atoms, int32_t n, int32_t n_in, double l1,
                                         double l2, const float *x, const double *before,
                                         double *rest, double *w)
{
    for (int32_t j = 0; j < n_in; j++) {
        rest[j] = cg_mixed_f64(atoms, n, n_in, before, j);
    }
    for (int32_t i = 0; i < n; i++) {
        double above = 0.0;
        double below = 0.0;
        for (int32_t j = 0; j < n_in; j++) {
            above += atoms[i * n_in + j] * (double)x[j];
            below += atoms[i * n_in + j] * rest[j];
        }
        w[i] = before[i] * cg_share_f64(above, below + l1 + l2 * before[i]);
    }
}

#endif
