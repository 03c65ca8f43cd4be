/* SPDX-License-Identifier: 0BSD */
#ifndef CG_COPY_I32_H
#define CG_COPY_I32_H

#include "cg_base.h"

/* y = x. x and y must not overlap. */
static inline void cg_copy_i32(int32_t n, const int32_t *x, int32_t *y)
{
    for (int32_t i = 0; i < n; i++) {
        y[i] = x[i];
    }
}

#endif
