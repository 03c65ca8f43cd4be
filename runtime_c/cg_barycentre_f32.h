/* SPDX-License-Identifier: 0BSD */
#ifndef CG_BARYCENTRE_F32_H
#define CG_BARYCENTRE_F32_H

#include "cg_quotient_f32.h"
#include "cg_sqrt_f32.h"

/* (a - x) . (b - x) over n features. */
static inline float cg_difference_dot_f32(const float *a, const float *b, int32_t n, const float *x)
{
    float sum = 0.0f;
    for (int32_t j = 0; j < n; j++) {
        sum += (a[j] - x[j]) * (b[j] - x[j]);
    }
    return sum;
}

/* L L^T = G + ridge, G in the lower half of l (k, k), which L takes. */
static inline void cg_cholesky_f32(float ridge, int32_t k, float *l)
{
    for (int32_t i = 0; i < k; i++) {
        l[i * k + i] += ridge;
        for (int32_t m = 0; m <= i; m++) {
            float sum = l[i * k + m];
            for (int32_t q = 0; q < m; q++) {
                sum -= l[i * k + q] * l[m * k + q];
            }
            l[i * k + m] = m == i ? cg_sqrt_f32(sum) : cg_quotient_f32(sum, l[m * k + m]);
        }
    }
}

/* L L^T y = b; b becomes y. */
static inline void cg_cholesky_solve_f32(const float *l, int32_t k, float *b)
{
    for (int32_t i = 0; i < k; i++) {
        for (int32_t m = 0; m < i; m++) {
            b[i] -= l[i * k + m] * b[m];
        }
        b[i] = cg_quotient_f32(b[i], l[i * k + i]);
    }
    for (int32_t i = k - 1; i >= 0; i--) {
        for (int32_t m = i + 1; m < k; m++) {
            b[i] -= l[m * k + i] * b[m];
        }
        b[i] = cg_quotient_f32(b[i], l[i * k + i]);
    }
}

/* (C C^T + ridge) w = 1 for the differences C (k, n) of k rows to x; ridge = reg trace, or reg where
   that is 0. What is left of 1 is found from C itself and solved for twice more, so that w does not
   lose what the products lose. w: k values, behind them k k + k + n of scratch. */
static inline void cg_barycentre_f32(const float *rows, int32_t n, int32_t k, const int32_t *index,
                                     float reg, const float *x, float *w)
{
    float *rest = w + k;
    float *along = rest + k;
    float *l = along + n;
    float trace = 0.0f;
    for (int32_t i = 0; i < k; i++) {
        w[i] = 0.0f;
        for (int32_t m = 0; m <= i; m++) {
            l[i * k + m] = cg_difference_dot_f32(rows + index[i] * n, rows + index[m] * n, n, x);
        }
        trace += l[i * k + i];
    }
    const float ridge = trace > 0.0f ? reg * trace : reg;
    cg_cholesky_f32(ridge, k, l);
    for (int32_t step = 0; step < 3; step++) {
        for (int32_t j = 0; j < n; j++) {
            along[j] = 0.0f;
            for (int32_t i = 0; i < k; i++) {
                along[j] += (rows[index[i] * n + j] - x[j]) * w[i];
            }
        }
        for (int32_t i = 0; i < k; i++) {
            rest[i] = 1.0f - ridge * w[i];
            for (int32_t j = 0; j < n; j++) {
                rest[i] -= (rows[index[i] * n + j] - x[j]) * along[j];
            }
        }
        cg_cholesky_solve_f32(l, k, rest);
        for (int32_t i = 0; i < k; i++) {
            w[i] += rest[i];
        }
    }
}

#endif
