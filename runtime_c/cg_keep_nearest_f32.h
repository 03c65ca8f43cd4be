/* SPDX-License-Identifier: 0BSD */
#ifndef CG_KEEP_NEAREST_F32_H
#define CG_KEEP_NEAREST_F32_H

#include "cg_base.h"

/* Value number i enters a list of the k least, in order, the first of equals in front; index holds
   their numbers. Values are offered from i = 0 on, at least k of them. */
static inline void cg_keep_nearest_f32(float value, int32_t i, int32_t k, float *least,
                                       int32_t *index)
{
    int32_t at = i < k ? i : k - 1;
    if (i >= k && !(value < least[at])) {
        return;
    }
    while (at > 0 && value < least[at - 1]) {
        least[at] = least[at - 1];
        index[at] = index[at - 1];
        at--;
    }
    least[at] = value;
    index[at] = i;
}

#endif
