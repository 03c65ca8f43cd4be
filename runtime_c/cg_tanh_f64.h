/* SPDX-License-Identifier: 0BSD */
#ifndef CG_TANH_F64_H
#define CG_TANH_F64_H

#include "cg_base.h"
#include "cg_bits_f64.h"
#include "cg_exp_f64.h"

/* tanh x = x - x z p(z), z = x^2, for |x| < 0.55; beyond, +-1 from |x| = 20, else
   1 - 2 / (e^(2 |x|) + 1) with the sign of x. NaN gives NaN. Error below 1.5 ulp
   (docs/math.md). */
static inline double cg_tanh_f64(double x)
{
    const uint64_t bits = cg_bits_f64(x);
    const double magnitude = cg_from_bits_f64(bits & 0x7FFFFFFFFFFFFFFFu);
    if (!(magnitude > 7.450580596923828e-09)) { /* 2^-27: tanh x rounds to x */
        return x;
    }
    if (magnitude < 0.55) {
        const double z = x * x;
        double p = 1.952101994849778e-05;
        p = p * z - 8.336005679534543e-05;
        p = p * z + 0.00023341271990356935;
        p = p * z - 0.0005884570458380031;
        p = p * z + 0.0014555459833576244;
        p = p * z - 0.003592092532446374;
        p = p * z + 0.008863232652782473;
        p = p * z - 0.02186948838910333;
        p = p * z + 0.053968253963878644;
        p = p * z - 0.13333333333326833;
        p = p * z + 0.333333333333333;
        return x - x * (z * p);
    }

    double y = 1.0;
    if (magnitude < 20.0) {
        y = 1.0 - 2.0 / (cg_exp_f64(2.0 * magnitude) + 1.0);
    }
    return x < 0 ? -y : y;
}

#endif
