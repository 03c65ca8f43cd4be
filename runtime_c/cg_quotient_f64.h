/* SPDX-License-Identifier: 0BSD */
#ifndef CG_QUOTIENT_F64_H
#define CG_QUOTIENT_F64_H

#include "cg_bits_f64.h"

/* a / b with the same bits on every core: soft-float libraries round subnormal quotients each in
   their own way, so those are taken from 2^53 a / b. That rounds twice, and is right to an ulp. */
static inline double cg_quotient_f64(double a, double b)
{
    const double quotient = a / b;
    if ((cg_bits_f64(quotient) & 0x7ff0000000000000u) != 0u || a == 0.0 || b - b != 0.0) {
        return quotient;
    }
    return a * 9007199254740992.0 / b * 1.1102230246251565e-16;
}

#endif
