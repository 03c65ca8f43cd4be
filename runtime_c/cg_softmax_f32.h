/* SPDX-License-Identifier: 0BSD */
#ifndef CG_SOFTMAX_F32_H
#define CG_SOFTMAX_F32_H

#include "cg_base.h"
#include "cg_exp_f32.h"

/* y_i = e^(x_i - max x) / sum_j e^(x_j - max x), n >= 1. y may be x. The sum is compensated, so
   that its error does not grow with n; it is at least 1, because the largest x adds e^0. The
   quotient is a product with 1 / sum, so that no division has a subnormal result. Neither clamp
   ever acts: they let a range analysis see that the sum is finite and at least 1. */
static inline void cg_softmax_f32(int32_t n, const float *x, float *y)
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
        y[i] = cg_exp_f32(below > 0 ? 0 : below);
        const float term = y[i] - excess;
        const float next = sum + term;
        excess = (next - sum) - term;
        sum = next;
    }

    const float share = 1.0f / (sum < 1.0f ? 1.0f : sum);
    for (int32_t i = 0; i < n; i++) {
        y[i] *= share;
    }
}

#endif
