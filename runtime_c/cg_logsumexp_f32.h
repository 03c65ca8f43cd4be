/* SPDX-License-Identifier: 0BSD */
#ifndef CG_LOGSUMEXP_F32_H
#define CG_LOGSUMEXP_F32_H

#include "cg_exp_f32.h"
#include "cg_log_f32.h"

/* log of the sum of exp(x) over n values. */
static inline float cg_logsumexp_f32(int32_t n, const float *x)
{
    float largest = x[0];
    for (int32_t i = 1; i < n; i++) {
        largest = x[i] > largest ? x[i] : largest;
    }
    float sum = 0.0f;
    for (int32_t i = 0; i < n; i++) {
        sum += cg_exp_f32(x[i] - largest);
    }
    return largest + cg_log_f32(sum);
}

#endif
