/* SPDX-License-Identifier: 0BSD */
#ifndef CG_GATHER_F32_H
#define CG_GATHER_F32_H

#include "cg_base.h"

/* y[i] = x[index[i]]. x and y must not overlap. */
static inline void cg_gather_f32(const uint16_t *index, int32_t n, const float *x, float *y)
{
    for (int32_t i = 0; i < n; i++) {
        y[i] = x[index[i]];
    }
}

#endif
