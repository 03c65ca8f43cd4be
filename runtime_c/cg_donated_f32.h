/* SPDX-License-Identifier: 0BSD */
#ifndef CG_DONATED_F32_H
#define CG_DONATED_F32_H

#include "cg_quotient_f32.h"

/* The mean of n > 0 values; their distances are not asked for. */
static inline float cg_donated_f32(int32_t n, const float *distance, const float *given)
{
    float sum = 0.0f;
    (void)distance;
    for (int32_t i = 0; i < n; i++) {
        sum += given[i];
    }
    return cg_quotient_f32(sum, (float)n);
}

#endif
