/* SPDX-License-Identifier: 0BSD */
#ifndef CG_COPY_F32_H
#define CG_COPY_F32_H

#include "cg_base.h"

/* y = x. x and y must not overlap. */
static inline void cg_copy_f32(int32_t n, const float *x, float *y)
{
    for (int32_t i = 0; i < n; i++) {
        y[i] = x[i];
    }
}

#endif
