/* SPDX-License-Identifier: 0BSD */
#ifndef CG_NORMALIZE_L2_F32_H
#define CG_NORMALIZE_L2_F32_H

#include "cg_quotient_f32.h"
#include "cg_sqrt_f32.h"

/* y = x / sqrt(sum x^2); a norm below 10 * 2^-52 counts as 1. The values are divided by the largest
   first, so that no square overflows or vanishes. x and y may be the same array. */
static inline void cg_normalize_l2_f32(int32_t n, const float *x, float *y)
{
    float largest = 0.0f;
    float sum = 0.0f;
    for (int32_t i = 0; i < n; i++) {
        const float size = x[i] < 0.0f ? -x[i] : x[i];
        largest = size > largest ? size : largest;
    }
    if (largest == 0.0f) {
        largest = 1.0f;
    }
    for (int32_t i = 0; i < n; i++) {
        const float ratio = x[i] / largest;
        sum += ratio * ratio;
    }
    const float norm = cg_sqrt_f32(sum);
    const int32_t counts_as_one = norm * largest < 2.220446049250313e-15f;
    for (int32_t i = 0; i < n; i++) {
        const float ratio = cg_quotient_f32(x[i], largest);
        y[i] = counts_as_one ? x[i] : cg_quotient_f32(ratio, norm);
    }
}

#endif
