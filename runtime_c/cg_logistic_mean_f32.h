/* SPDX-License-Identifier: 0BSD */
#ifndef CG_LOGISTIC_MEAN_F32_H
#define CG_LOGISTIC_MEAN_F32_H

#include "cg_base.h"
#include "cg_erf_f64.h"
#include "cg_sqrt_f64.h"

/* The mean of 1 / (1 + e^-t) over normal t: a constant and five error functions (Williams, Barber
   1998). Their coefficients cancel to four digits, which float has not to spare. */
static inline float cg_logistic_mean_f32(float mean, float variance)
{
    static const double share[5] = {-1854.8214151, 3516.89893646, 221.29346712, 128.12323805,
                                    -2010.49422654};
    static const double rate[5] = {0.41, 0.4, 0.37, 0.44, 0.39};
    double sum = 0.0;
    double constant = 0.0;
    for (int32_t i = 0; i < 5; i++) {
        const double spread = 1.0 + 2.0 * rate[i] * rate[i] * (double)variance;
        constant += share[i];
        sum += share[i] * cg_erf_f64(rate[i] * (double)mean / cg_sqrt_f64(spread));
    }
    return (float)(0.5 * (constant + sum));
}

#endif
