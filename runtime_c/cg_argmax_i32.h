/* SPDX-License-Identifier: 0BSD */
#ifndef CG_ARGMAX_I32_H
#define CG_ARGMAX_I32_H

#include "cg_base.h"

/* The first index of the largest of n values. */
static inline int32_t cg_argmax_i32(int32_t n, const int32_t *x)
{
    int32_t best = 0;
    for (int32_t i = 1; i < n; i++) {
        if (x[i] > x[best]) {
            best = i;
        }
    }
    return best;
}

#endif
