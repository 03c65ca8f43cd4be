/* SPDX-License-Identifier: 0BSD */
#ifndef CG_IMPUTE_NAN_F32_H
#define CG_IMPUTE_NAN_F32_H

#include "cg_base.h"

/* y = fill where x is NaN, else x. All three may be the same array. */
static inline void cg_impute_nan_f32(const float *fill, int32_t n, const float *x, float *y)
{
    for (int32_t i = 0; i < n; i++) {
        y[i] = x[i] != x[i] ? fill[i] : x[i];
    }
}

#endif
