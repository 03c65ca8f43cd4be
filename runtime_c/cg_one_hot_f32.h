/* SPDX-License-Identifier: 0BSD */
#ifndef CG_ONE_HOT_F32_H
#define CG_ONE_HOT_F32_H

#include "cg_base.h"

/* For each x[j] its counts[j] indicators, one behind the other: 1 at the place x[j], 0 elsewhere,
   and everywhere where x[j] is outside 0..counts[j] - 1. */
static inline void cg_one_hot_f32(const uint16_t *counts, int32_t n_in, const int32_t *x, float *y)
{
    for (int32_t j = 0; j < n_in; j++) {
        for (int32_t k = 0; k < counts[j]; k++) {
            *y++ = k == x[j] ? 1.0f : 0.0f;
        }
    }
}

#endif
