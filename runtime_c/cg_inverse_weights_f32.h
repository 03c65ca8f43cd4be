/* SPDX-License-Identifier: 0BSD */
#ifndef CG_INVERSE_WEIGHTS_F32_H
#define CG_INVERSE_WEIGHTS_F32_H

#include "cg_quotient_f32.h"

/* w = least d / d, in the ratios of 1 / d; where some d are 0, 1 for these and 0 for the others. */
static inline void cg_inverse_weights_f32(int32_t n, const float *d, float *w)
{
    float least = d[0];
    for (int32_t i = 1; i < n; i++) {
        least = d[i] < least ? d[i] : least;
    }
    for (int32_t i = 0; i < n; i++) {
        w[i] = d[i] == least ? 1.0f : cg_quotient_f32(least, d[i]);
    }
}

#endif
