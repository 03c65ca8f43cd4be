/* SPDX-License-Identifier: 0BSD */
#ifndef CG_LOG_F64_H
#define CG_LOG_F64_H

#include "cg_base.h"
#include "cg_bits_f64.h"

/* ln x = k ln 2 + ln(1 + f), x = 2^k (1 + f), 1 + f in [sqrt(1/2), sqrt(2)]; with s = f / (2 + f)
   and z = s^2, ln(1 + f) = 2 atanh s = f - s (f - z p(z)). ln 2 has two parts, the first so short
   that k times it is exact. ln 0 = -infinity, ln of a negative number and of NaN is NaN.
   Error below 1.0 ulp (docs/math.md). */
static inline double cg_log_f64(double x)
{
    uint64_t mantissa = cg_bits_f64(x);
    if (mantissa - 1u >= 0x7FEFFFFFFFFFFFFFu) { /* zero, infinity, NaN or negative */
        if ((mantissa & 0x7FFFFFFFFFFFFFFFu) == 0u) {
            return cg_from_bits_f64(0xFFF0000000000000u);
        }
        return mantissa == 0x7FF0000000000000u ? x : cg_from_bits_f64(0x7FF8000000000000u);
    }

    int32_t k = (int32_t)(mantissa >> 52) - 1023;
    mantissa &= 0xFFFFFFFFFFFFFu;
    if (k == -1023) {
        k++;
        while (mantissa < 0x10000000000000u) {
            mantissa <<= 1;
            k--;
        }
        mantissa &= 0xFFFFFFFFFFFFFu;
    }
    uint64_t one = 0x3FF0000000000000u;
    if (mantissa > 0x6A09E667F3BCCu) { /* sqrt(2) */
        one = 0x3FE0000000000000u;
        k++;
    }
    const double f = cg_from_bits_f64(one | mantissa) - 1.0;

    const double s = f / (2.0 + f);
    const double z = s * s;
    double p = 0.14795951805980997;
    p = p * z + 0.15314050333410997;
    p = p * z + 0.18183564335002714;
    p = p * z + 0.22222198573007845;
    p = p * z + 0.28571428742389376;
    p = p * z + 0.3999999999941467;
    p = p * z + 0.6666666666666734;
    const double rest = s * (f - z * p) - k * 1.9082149292705877e-10;
    return k * 0.6931471803691238 + (f - rest);
}

#endif
