/* SPDX-License-Identifier: 0BSD */
#ifndef CG_ENCODE_DESCENT_F32_H
#define CG_ENCODE_DESCENT_F32_H

#include "cg_base.h"

/* The code >= 0 that makes w' gram w / 2 - c' w least, by coordinate descent from w = 0; gram
   (n, n) are products of atoms, c (n) those of x with them. Up to `count` rounds over all
   coefficients; it ends where the sizes of the gradients met on the way, of those that do not
   point below 0, sum to `least` times the sum of the first round or less. In double, so that
   rounding decides nearly never where that is. scratch holds n values. */
static inline void cg_encode_descent_f32(const double *gram, int32_t n, int32_t count, double least,
                                         const float *c, double *scratch, float *code)
{
    double *w = scratch;
    double first = 0.0;
    for (int32_t i = 0; i < n; i++) {
        w[i] = 0.0;
    }
    for (int32_t k = 0; k < count; k++) {
        double violation = 0.0;
        for (int32_t i = 0; i < n; i++) {
            const double *row = gram + i * n;
            double slope = -(double)c[i];
            for (int32_t j = 0; j < n; j++) {
                slope += row[j] * w[j];
            }
            if (slope < 0.0) {
                violation -= slope;
            } else if (w[i] > 0.0) {
                violation += slope;
            }
            if (row[i] > 0.0) {
                const double next = w[i] - slope / row[i];
                w[i] = next > 0.0 ? next : 0.0;
            }
        }
        if (k == 0) {
            first = violation;
        }
        if (violation <= least * first) {
            break;
        }
    }
    for (int32_t i = 0; i < n; i++) {
        code[i] = (float)w[i];
    }
}

#endif
