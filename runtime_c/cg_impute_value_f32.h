/* SPDX-License-Identifier: 0BSD */
#ifndef CG_IMPUTE_VALUE_F32_H
#define CG_IMPUTE_VALUE_F32_H

#include "cg_base.h"

/* y = fill where x is the missing value, else x. x and y may be the same array. */
static inline void cg_impute_value_f32(float missing, const float *fill, int32_t n, const float *x,
                                       float *y)
{
    for (int32_t i = 0; i < n; i++) {
        y[i] = x[i] == missing ? fill[i] : x[i];
    }
}

#endif
