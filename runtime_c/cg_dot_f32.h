/* SPDX-License-Identifier: 0BSD */
#ifndef CG_DOT_F32_H
#define CG_DOT_F32_H

#include "cg_base.h"

/* sum of w[j] x[j] over n values. */
static inline float cg_dot_f32(const float *w, int32_t n, const float *x)
{
    float sum = 0.0f;
    for (int32_t j = 0; j < n; j++) {
        sum += w[j] * x[j];
    }
    return sum;
}

#endif
