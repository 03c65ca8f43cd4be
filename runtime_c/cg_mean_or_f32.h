/* SPDX-License-Identifier: 0BSD */
#ifndef CG_MEAN_OR_F32_H
#define CG_MEAN_OR_F32_H

#include "cg_bits_f32.h"
#include "cg_quotient_f32.h"

/* y = y / total; where the total is 0, none, or NaN where none is NULL. */
static inline void cg_mean_or_f32(float total, const float *none, int32_t n, float *y)
{
    for (int32_t j = 0; j < n; j++) {
        if (total > 0.0f) {
            y[j] = cg_quotient_f32(y[j], total);
        } else {
            y[j] = none == NULL ? cg_from_bits_f32(0x7fc00000u) : none[j];
        }
    }
}

#endif
