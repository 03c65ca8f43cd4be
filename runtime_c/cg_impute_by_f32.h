/* SPDX-License-Identifier: 0BSD */
#ifndef CG_IMPUTE_BY_F32_H
#define CG_IMPUTE_BY_F32_H

#include "cg_base.h"

/* y[i] = by[i] where x[i] is NaN, else x[i]. */
static inline void cg_impute_by_f32(const float *by, int32_t n, const float *x, float *y)
{
    for (int32_t i = 0; i < n; i++) {
        y[i] = x[i] != x[i] ? by[i] : x[i];
    }
}

#endif
