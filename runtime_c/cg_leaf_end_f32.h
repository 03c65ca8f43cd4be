/* SPDX-License-Identifier: 0BSD */
#ifndef CG_LEAF_END_F32_H
#define CG_LEAF_END_F32_H

#include "cg_base.h"

/* Where the terms of the leaf at `first` end: behind its value if one of its features is NaN, else
   where feature is n_in. */
static inline int32_t cg_leaf_end_f32(const uint16_t *feature, int32_t n_in, int32_t first,
                                      const float *x)
{
    int32_t i = first + 2;
    for (; feature[i] < n_in; i++) {
        if (x[feature[i]] != x[feature[i]]) {
            return first + 1;
        }
    }
    return i;
}

#endif
