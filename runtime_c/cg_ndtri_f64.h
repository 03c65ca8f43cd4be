/* SPDX-License-Identifier: 0BSD */
#ifndef CG_NDTRI_F64_H
#define CG_NDTRI_F64_H

#include "cg_bits_f64.h"
#include "cg_log_f64.h"
#include "cg_sqrt_f64.h"

/* n / d, both polynomials of degree 7 in r, the highest power first. */
static inline double cg_ratio_f64(const double *n, const double *d, double r)
{
    double above = n[0];
    double below = d[0];
    for (int32_t i = 1; i < 8; i++) {
        above = above * r + n[i];
        below = below * r + d[i];
    }
    return above / below;
}

/* The number below which a standard normal value lies with probability p: rational functions of
   p - 1/2 near the middle, of sqrt(-ln p) in the tails (Wichura, algorithm AS 241, PPND16).
   -infinity at 0, infinity at 1, NaN beyond. Error below 8.0 ulp (docs/math.md). */
static inline double cg_ndtri_f64(double p)
{
    static const double middle[16] = {
        2509.0809287301226727, 33430.575583588128105, 67265.770927008700853,
        45921.953931549871457, 13731.693765509461125, 1971.5909503065514427,
        133.14166789178437745, 3.387132872796366608,
        5226.495278852545925, 28729.085735721942674, 39307.89580009271061,
        21213.794301586595867, 5394.1960214247511077, 687.1870074920579083,
        42.313330701600911252, 1.0,
    };
    static const double near[16] = {
        7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177,
        1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055,
        4.6303378461565452959, 1.42343711074968357734,
        1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966,
        0.14810397642748007459, 0.68976733498510000455, 1.6763848301838038494,
        2.05319162663775882187, 1.0,
    };
    static const double far[16] = {
        2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386,
        0.026532189526576123093, 0.29656057182850489123, 1.7848265399172913358,
        5.4637849111641143699, 6.6579046435011037772,
        2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5,
        7.868691311456132591e-4, 0.0148753612908506148525, 0.13692988092273580531,
        0.59983220655588793769, 1.0,
    };
    const double q = p - 0.5;
    if (q >= -0.425 && q <= 0.425) {
        return q * cg_ratio_f64(middle, middle + 8, 0.180625 - q * q);
    }
    const double tail = q < 0.0 ? p : 1.0 - p;
    if (!(tail > 0.0)) { /* the ends, beyond them, or NaN */
        return tail == 0.0 ? cg_from_bits_f64(q < 0.0 ? 0xFFF0000000000000u : 0x7FF0000000000000u)
                           : cg_from_bits_f64(0x7FF8000000000000u);
    }
    const double r = cg_sqrt_f64(-cg_log_f64(tail));
    const double z = r <= 5.0 ? cg_ratio_f64(near, near + 8, r - 1.6)
                              : cg_ratio_f64(far, far + 8, r - 5.0);
    return q < 0.0 ? -z : z;
}

#endif
