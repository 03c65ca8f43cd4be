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

/* Factors w >= 0 (n) of a row x >= 0 (n_in) over atoms (n, n_in) >= 0, from
   sqrt(mean(x) / n), by up to `count` rounds of multiplication, with penalties l1 (in round k k
   times if it grows) and l2. It ends where a round changes w by `least` times its length or less
   (by_change), or ten rounds make the root of the divergence less by less than `least` times
   what it was at first. In double, so that rounding decides nearly never where that is. scratch
   holds 2 n + n_in values. */
static inline void cg_factorize_frobenius_f32(const double *atoms, int32_t n, int32_t n_in,
                                              double l1, double l2, int32_t grows,
                                              int32_t by_change, int32_t count, double least,
                                              const float *x, double *scratch, float *factors)
{
    double *w = scratch;
    double *before = w + n;
    double *rest = before + n;
    double mean = 0.0;
    for (int32_t j = 0; j < n_in; j++) {
        mean += (double)x[j];
    }
    for (int32_t i = 0; i < n; i++) {
        w[i] = cg_root_f64(mean / (double)n_in / (double)n);
    }
    const double first = cg_frobenius_divergence_f32(atoms, n, n_in, x, w);
    double last = first;
    for (int32_t k = 1; k <= count; k++) {
        for (int32_t i = 0; i < n; i++) {
            before[i] = w[i];
        }
        const double added = grows != 0 ? (double)k * l1 : l1;
        cg_frobenius_step_f32(atoms, n, n_in, added, l2, x, before, rest, w);
        if (by_change != 0) {
            if (least > 0.0 && cg_factors_stay_f64(w, before, n, least) != 0) {
                break;
            }
        } else if (least > 0.0 && k % 10 == 0) {
            const double now = cg_frobenius_divergence_f32(atoms, n, n_in, x, w);
            if (last - now < least * first) {
                break;
            }
            last = now;
        }
    }
    for (int32_t i = 0; i < n; i++) {
        factors[i] = (float)w[i];
    }
}

#endif
