/* SPDX-License-Identifier: 0BSD */
#ifndef CG_NEAREST_F32_H
#define CG_NEAREST_F32_H

#include "cg_squared_distance_f32.h"

/* The first row of centres (n_centres, n_in) whose squared distance to x is the smallest. */
static inline int32_t cg_nearest_f32(const float *centres, int32_t n_centres, int32_t n_in,
                                     const float *x)
{
    int32_t best = 0;
    float least = cg_squared_distance_f32(centres, n_in, x);
    for (int32_t i = 1; i < n_centres; i++) {
        const float distance = cg_squared_distance_f32(centres + i * n_in, n_in, x);
        if (distance < least) {
            least = distance;
            best = i;
        }
    }
    return best;
}

#endif
