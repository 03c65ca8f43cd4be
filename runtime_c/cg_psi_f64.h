/* SPDX-License-Identifier: 0BSD */
#ifndef CG_PSI_F64_H
#define CG_PSI_F64_H

#include "cg_log_f64.h"

/* The derivative of the logarithm of the gamma function, by the series that scikit-learn takes:
   psi(x) = psi(x + 1) - 1 / x up to 6 and beyond, there the first terms of the asymptotic series
   (Bernardo 1976). Up to 1e-6, and below 0, -1 / x less Euler's constant. */
static inline double cg_psi_f64(double x)
{
    if (!(x > 1e-06)) {
        return -0.5772156649015329 - 1.0 / x;
    }
    double sum = 0.0;
    while (x < 6.0) {
        sum -= 1.0 / x;
        x += 1.0;
    }
    const double inverse = 1.0 / x;
    const double square = inverse * inverse;
    sum += cg_log_f64(x) - 0.5 * inverse;
    return sum - square * (1.0 / 12.0 - square * (1.0 / 120.0 - square * (1.0 / 252.0)));
}

#endif
