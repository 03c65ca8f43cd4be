/* SPDX-License-Identifier: 0BSD */
#ifndef CG_LATENT_DIRICHLET_F32_H
#define CG_LATENT_DIRICHLET_F32_H

#include "cg_exp_f64.h"
#include "cg_psi_f64.h"

/* theta_i = e^(psi(weight_i) - psi(sum of weight)), the expected logarithm's exponential. */
static inline void cg_expected_topics_f64(const double *weight, int32_t n, double *theta)
{
    double total = 0.0;
    for (int32_t i = 0; i < n; i++) {
        total += weight[i];
    }
    const double below = cg_psi_f64(total);
    for (int32_t i = 0; i < n; i++) {
        theta[i] = cg_exp_f64(cg_psi_f64(weight[i]) - below);
    }
}

/* The shares of n topics in a row x >= 0 of counts of n_in words: from weights of 1, up to `count`
   times weight_i = prior + theta_i sum_j topics_ij x_j / (sum_k theta_k topics_kj + 2^-52), until
   they change by less than `least` on average; then divided by their sum. In double, so that
   rounding decides nearly never where that is. scratch holds 3 n values. */
static inline void cg_latent_dirichlet_f32(const double *topics, int32_t n, int32_t n_in,
                                           double prior, int32_t count, double least,
                                           const float *x, double *scratch, float *share)
{
    double *weight = scratch;
    double *theta = weight + n;
    double *next = theta + n;
    for (int32_t i = 0; i < n; i++) {
        weight[i] = 1.0;
    }
    cg_expected_topics_f64(weight, n, theta);
    for (int32_t k = 0; k < count; k++) {
        for (int32_t i = 0; i < n; i++) {
            next[i] = 0.0;
        }
        for (int32_t j = 0; j < n_in; j++) {
            const double words = (double)x[j];
            if (words < 0.0 || words > 0.0) {
                double mixed = 0.0;
                for (int32_t i = 0; i < n; i++) {
                    mixed += theta[i] * topics[i * n_in + j];
                }
                const double part = words / (mixed + 2.220446049250313e-16);
                for (int32_t i = 0; i < n; i++) {
                    next[i] += part * topics[i * n_in + j];
                }
            }
        }
        double change = 0.0;
        for (int32_t i = 0; i < n; i++) {
            const double now = theta[i] * next[i] + prior;
            change += now < weight[i] ? weight[i] - now : now - weight[i];
            weight[i] = now;
        }
        cg_expected_topics_f64(weight, n, theta);
        if (change / (double)n < least) {
            break;
        }
    }
    double total = 0.0;
    for (int32_t i = 0; i < n; i++) {
        total += weight[i];
    }
    for (int32_t i = 0; i < n; i++) {
        share[i] = (float)(weight[i] / total);
    }
}

#endif
