/* SPDX-License-Identifier: 0BSD */
#ifndef CG_DIVIDE_ALL_F32_H
#define CG_DIVIDE_ALL_F32_H

#include "cg_quotient_f32.h"

/* y = y / sum w over the n_in weights w; w may be NULL for weights of 1. */
static inline void cg_divide_all_f32(int32_t n_in, const float *w, int32_t n_out, float *y)
{
    float sum = w == NULL ? (float)n_in : 0.0f;
    for (int32_t i = 0; w != NULL && i < n_in; i++) {
        sum += w[i];
    }
    for (int32_t j = 0; j < n_out; j++) {
        y[j] = cg_quotient_f32(y[j], sum);
    }
}

#endif
