/* SPDX-License-Identifier: 0BSD */
#ifndef CG_EXP_F64_H
#define CG_EXP_F64_H

#include "cg_base.h"
#include "cg_bits_f64.h"

/* e^x = 2^n e^r, n = round(x / ln 2), r = x - n ln 2 with ln 2 in two parts, the first so short
   that n times it is exact; e^r = 1 + r + r^2 p(r), where what rounding cuts off 1 + r is added
   again. Overflow gives infinity, NaN gives NaN; subnormal results are rounded in integer
   arithmetic. Error below 0.8 ulp (docs/math.md). */
static inline double cg_exp_f64(double x)
{
    if (!(x < 709.782712893384)) {
        return x * 8.98846567431158e307; /* 2^1023: infinity or NaN */
    }
    if (x < -745.1332191019412) {
        return 0.0;
    }

    const int32_t n = (int32_t)(x * 1.4426950408889634 + (x < 0 ? -0.5 : 0.5));
    const double high = x - n * 0.6931471803691238;
    const double low = n * 1.9082149292705877e-10;
    const double r = high - low;
    double p = 2.5119071608357953e-08;
    p = p * r + 2.763129397876505e-07;
    p = p * r + 2.7557212801655507e-06;
    p = p * r + 2.4801489908538076e-05;
    p = p * r + 0.00019841269920934325;
    p = p * r + 0.0013888888947043096;
    p = p * r + 0.008333333333305736;
    p = p * r + 0.04166666666651534;
    p = p * r + 0.16666666666666702;
    p = p * r + 0.5000000000000012;
    const double tail = p * (r * r) + ((high - r) - low);
    const double near = 1.0 + r;
    const uint64_t bits = cg_bits_f64(near + (((1.0 - near) + r) + tail));

    const int32_t exponent = (int32_t)(bits >> 52) + n;
    const uint64_t fraction = bits & 0xFFFFFFFFFFFFFu;
    if (exponent > 0) {
        return cg_from_bits_f64(((uint64_t)exponent << 52) | fraction);
    }
    return cg_from_bits_f64((((fraction | 0x10000000000000u) >> -exponent) + 1u) >> 1);
}

#endif
