/* SPDX-License-Identifier: 0BSD */
#ifndef CG_QUADRATIC_F64_H
#define CG_QUADRATIC_F64_H

#include "cg_base.h"

/* y_k = constant_k - sum_j precision_kj (x_j - centre_kj)^2 / 2; tables (n_out, n_in) row by row.
   The sum is compensated. x and y must not overlap. */
static inline void cg_quadratic_f64(const double *centre, const double *precision,
                                    const double *constant, int32_t n_out, int32_t n_in,
                                    const double *x, double *y)
{
    for (int32_t k = 0; k < n_out; k++) {
        double sum = 0.0;
        double excess = 0.0; /* what rounding has added to the sum so far */
        for (int32_t j = 0; j < n_in; j++) {
            const double difference = x[j] - *centre++;
            const double term = difference * difference * *precision++ - excess;
            const double next = sum + term;
            excess = (next - sum) - term;
            sum = next;
        }
        y[k] = constant[k] - 0.5 * sum;
    }
}

#endif
