/* SPDX-License-Identifier: 0BSD */
#ifndef CG_FACTORS_F64_H
#define CG_FACTORS_F64_H

#include "cg_sqrt_f64.h"

/* What factors w (n) of atoms (n, n_in) mix to: sum_i w_i atoms_ij. */
static inline double cg_mixed_f64(const double *atoms, int32_t n, int32_t n_in, const double *w,
                                  int32_t j)
{
    double sum = 0.0;
    for (int32_t i = 0; i < n; i++) {
        sum += w[i] * atoms[i * n_in + j];
    }
    return sum;
}

/* The same, never below 2^-23: it is divided by. */
static inline double cg_divisor_f64(const double *atoms, int32_t n, int32_t n_in, const double *w,
                                    int32_t j)
{
    const double sum = cg_mixed_f64(atoms, n, n_in, w, j);
    return sum < 1.1920928955078125e-07 ? 1.1920928955078125e-07 : sum;
}

/* above / below; 0 counts as 2^-23. */
static inline double cg_share_f64(double above, double below)
{
    return above / (below == 0.0 ? 1.1920928955078125e-07 : below);
}

/* The root of a number that rounding may have put below 0. */
static inline double cg_root_f64(double square)
{
    return square > 0.0 ? cg_sqrt_f64(square) : 0.0;
}

/* Whether |w - before| is at most `least` times |w|. */
static inline int32_t cg_factors_stay_f64(const double *w, const double *before, int32_t n,
                                          double least)
{
    double change = 0.0;
    double size = 0.0;
    for (int32_t i = 0; i < n; i++) {
        change += (w[i] - before[i]) * (w[i] - before[i]);
        size += w[i] * w[i];
    }
    return size > 0.0 && cg_root_f64(change) <= least * cg_root_f64(size) ? 1 : 0;
}

/* What is below 2^-52 becomes 0. */
static inline void cg_without_tiny_f64(int32_t n, double *w)
{
    for (int32_t i = 0; i < n; i++) {
        w[i] = w[i] < 2.220446049250313e-16 ? 0.0 : w[i];
    }
}

#endif
