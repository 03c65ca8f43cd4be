/* SPDX-License-Identifier: 0BSD */
#ifndef CG_VALUES_F32_H
#define CG_VALUES_F32_H

#include "cg_base.h"

/* For each x[j] the row x[j] of its counts[j] rows of width values, one behind the other; `other`
   where x[j] is outside 0..counts[j] - 1. */
static inline void cg_values_f32(const uint16_t *counts, const float *values, int32_t n_in,
                                 int32_t width, float other, const int32_t *x, float *y)
{
    for (int32_t j = 0; j < n_in; j++) {
        for (int32_t k = 0; k < width; k++) {
            *y++ = x[j] < 0 || x[j] >= counts[j] ? other : values[x[j] * width + k];
        }
        values += counts[j] * width;
    }
}

#endif
