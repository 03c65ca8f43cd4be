/* SPDX-License-Identifier: 0BSD */
#ifndef CG_PAIRWISE_VOTES_F32_H
#define CG_PAIRWISE_VOTES_F32_H

#include "cg_base.h"

/* y[k] = votes of class k: pair (i, j) votes i where x > 0, else j. x and y must not overlap. */
static inline void cg_pairwise_votes_f32(int32_t n_classes, const float *x, float *y)
{
    for (int32_t k = 0; k < n_classes; k++) {
        y[k] = 0.0f;
    }
    for (int32_t i = 0; i < n_classes; i++) {
        for (int32_t j = i + 1; j < n_classes; j++) {
            y[*x++ > 0.0f ? i : j] += 1.0f;
        }
    }
}

#endif
