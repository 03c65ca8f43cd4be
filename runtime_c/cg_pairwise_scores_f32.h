/* SPDX-License-Identifier: 0BSD */
#ifndef CG_PAIRWISE_SCORES_F32_H
#define CG_PAIRWISE_SCORES_F32_H

#include "cg_quotient_f32.h"

/* y[k] = votes + s / (3 (|s| + 1)), s the sum of the pair values signed towards class k; a pair
   (i, j) votes i where x >= 0. x and y must not overlap. */
static inline void cg_pairwise_scores_f32(int32_t n_classes, const float *x, float *y)
{
    for (int32_t k = 0; k < n_classes; k++) {
        const float *pair = x;
        float votes = 0.0f;
        float sum = 0.0f;
        for (int32_t i = 0; i < n_classes; i++) {
            for (int32_t j = i + 1; j < n_classes; j++) {
                const float value = *pair++;
                if (k == i) {
                    sum += value;
                    votes += value >= 0.0f ? 1.0f : 0.0f;
                } else if (k == j) {
                    sum -= value;
                    votes += value >= 0.0f ? 0.0f : 1.0f;
                }
            }
        }
        y[k] = votes + cg_quotient_f32(sum, 3.0f * ((sum < 0.0f ? -sum : sum) + 1.0f));
    }
}

#endif
