/* SPDX-License-Identifier: 0BSD */
#ifndef CG_WEIGHTED_MEDIAN_F32_H
#define CG_WEIGHTED_MEDIAN_F32_H

#include "cg_base.h"

/* The least of n values such that the weights of all that are no larger sum to half or more. The
   weights sum to less than 2^32. NaN, where no value is such, gives the first value. */
static inline float cg_weighted_median_f32(const uint32_t *weights, uint32_t half, int32_t n,
                                           const float *x)
{
    float least = x[0];
    int found = 0;
    for (int32_t i = 0; i < n; i++) {
        uint32_t sum = 0;
        if (found && !(x[i] < least)) {
            continue;
        }
        for (int32_t j = 0; j < n; j++) {
            sum += x[j] <= x[i] ? weights[j] : 0u;
        }
        if (sum >= half) {
            least = x[i];
            found = 1;
        }
    }
    return least;
}

#endif
