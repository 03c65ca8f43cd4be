/* SPDX-License-Identifier: 0BSD */
#ifndef CG_DONATED_NEAR_F32_H
#define CG_DONATED_NEAR_F32_H

#include "cg_quotient_f32.h"
#include "cg_sqrt_f32.h"

/* The mean of n > 0 values by 1 / root of their squared distances, the least of which stands first;
   where some are 0, of these alone. */
static inline float cg_donated_near_f32(int32_t n, const float *distance, const float *given)
{
    const float least = cg_sqrt_f32(distance[0]);
    float sum = 0.0f;
    float total = 0.0f;
    for (int32_t i = 0; i < n; i++) {
        const float root = cg_sqrt_f32(distance[i]);
        const float weight = root == least ? 1.0f : cg_quotient_f32(least, root);
        sum += weight * given[i];
        total += weight;
    }
    return cg_quotient_f32(sum, total);
}

#endif
