/* SPDX-License-Identifier: 0BSD */
#ifndef CG_BUCKETIZE_F32_H
#define CG_BUCKETIZE_F32_H

#include "cg_base.h"

/* y[j] = the place of x[j]: of column j's counts[j] + 2 places the one whose number is how many of
   its ascending edges are <= x[j], and the last one for NaN. */
static inline void cg_bucketize_f32(const uint16_t *counts, const float *edges,
                                    const int16_t *places, int32_t n, const float *x, int32_t *y)
{
    for (int32_t j = 0; j < n; j++) {
        int32_t below = 0;
        int32_t end = x[j] != x[j] ? 0 : counts[j];
        while (below < end) {
            const int32_t middle = (below + end) / 2;
            if (edges[middle] <= x[j]) {
                below = middle + 1;
            } else {
                end = middle;
            }
        }
        y[j] = places[x[j] != x[j] ? counts[j] + 1 : below];
        edges += counts[j];
        places += counts[j] + 2;
    }
}

#endif
