/* SPDX-License-Identifier: 0BSD */
#ifndef CG_FACTORIZE_ITAKURA_F32_H
#define CG_FACTORIZE_ITAKURA_F32_H

#include "cg_factors_f64.h"
#include "cg_log_f64.h"

/* The root of 2 sum of x / y - log(x / y) - 1, y = w atoms. */
static inline double cg_itakura_divergence_f32(const double *atoms, int32_t n, int32_t n_in,
                                               const float *x, const double *w)
{
    double sum = 0.0;
    for (int32_t j = 0; j < n_in; j++) {
        if ((double)x[j] > 1.1920928955078125e-07) {
            const double share = (double)x[j] / cg_divisor_f64(atoms, n, n_in, w, j);
            sum += share - cg_log_f64(share);
        }
        sum -= 1.0;
    }
    return cg_root_f64(2.0 * sum);
}

/* w times the root of atoms (x / y^2) / (atoms (1 / y) + l1 + l2 w), y = w atoms. */
static inline void cg_itakura_step_f32(const double *atoms, int32_t n, int32_t n_in, double l1,
                                       double l2, const float *x, const double *before,
                                       double *rest, double *w)
{
    for (int32_t j = 0; j < n_in; j++) {
        rest[j] = 1.0 / cg_divisor_f64(atoms, n, n_in, before, j);
    }
    for (int32_t i = 0; i < n; i++) {
        double above = 0.0;
        double below = 0.0;
        for (int32_t j = 0; j < n_in; j++) {
            above += atoms[i * n_in + j] * (rest[j] * rest[j] * (double)x[j]);
            below += atoms[i * n_in + j] * rest[j];
        }
        w[i] = before[i] * cg_root_f64(cg_share_f64(above, below + l1 + l2 * before[i]));
    }
}

#endif
