/* SPDX-License-Identifier: 0BSD */
#ifndef CG_LOG_SUM_EXP_F32_H
#define CG_LOG_SUM_EXP_F32_H

#include "cg_exp_f32.h"
#include "cg_log_f32.h"

/* log sum_i e^(x_i), n >= 1: the largest x, and the logarithm of a sum that is at least 1 and at
   most n. The sum is compensated, as in a softmax. */
static inline float cg_log_sum_exp_f32(int32_t n, const float *x)
{
    float max = x[0];
    for (int32_t i = 1; i < n; i++) {
        if (x[i] > max) {
            max = x[i];
        }
    }

    float sum = 0;
    float excess = 0; /* what rounding has added to the sum so far */
    for (int32_t i = 0; i < n; i++) {
        const float below = x[i] - max;
        const float term = cg_exp_f32(below > 0 ? 0 : below) - excess;
        const float next = sum + term;
        excess = (next - sum) - term;
        sum = next;
    }
    return max + cg_log_f32(sum);
}

#endif
