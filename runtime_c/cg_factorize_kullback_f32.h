/* SPDX-License-Identifier: 0BSD */
#ifndef CG_FACTORIZE_KULLBACK_F32_H
#define CG_FACTORIZE_KULLBACK_F32_H

#include "cg_factors_f64.h"
#include "cg_log_f64.h"

/* The root of 2 (sum of x log(x / y) - x + y), y = w atoms. */
static inline double cg_kullback_divergence_f32(const double *atoms, int32_t n, int32_t n_in,
                                                const float *x, const double *w)
{
    double sum = 0.0;
    for (int32_t j = 0; j < n_in; j++) {
        const double value = (double)x[j];
        const double mixed = cg_mixed_f64(atoms, n, n_in, w, j);
        if (value > 1.1920928955078125e-07) {
            const double divisor = mixed < 1.1920928955078125e-07 ? 1.1920928955078125e-07 : mixed;
            sum += value * cg_log_f64(value / divisor) - value;
        }
        sum += mixed;
    }
    return cg_root_f64(2.0 * sum);
}

/* w times atoms (x / y) / (the sum of each atom + l1 + l2 w), y = w atoms. */
static inline void cg_kullback_step_f32(const double *atoms, int32_t n, int32_t n_in, double l1,
                                        double l2, const float *x, const double *before,
                                        double *rest, double *w)
{
    for (int32_t j = 0; j < n_in; j++) {
        rest[j] = (double)x[j] / cg_divisor_f64(atoms, n, n_in, before, j);
    }
    for (int32_t i = 0; i < n; i++) {
        double above = 0.0;
        double below = 0.0;
        for (int32_t j = 0; j < n_in; j++) {
            above += atoms[i * n_in + j] * rest[j];
            below += atoms[i * n_in + j];
        }
        w[i] = before[i] * cg_share_f64(above, below + l1 + l2 * before[i]);
    }
}

#endif
