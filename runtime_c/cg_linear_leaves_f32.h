/* SPDX-License-Identifier: 0BSD */
#ifndef CG_LINEAR_LEAVES_F32_H
#define CG_LINEAR_LEAVES_F32_H

#include "cg_affine_f32.h"
#include "cg_leaf_end_f32.h"

/* For each of n_out outputs the sum over n_trees trees of the terms weight * 2^power of a leaf,
   each times x[feature], or times 1 where feature is n_in. leaf[t] is where the leaf starts: with
   its value for NaN, then its constant. Products are brought to the exponent of the largest one and
   added as in cg_affine_f32, with the same error. */
static inline void cg_linear_leaves_f32(const uint16_t *feature, const int32_t *weight,
                                        const int8_t *power, int32_t spare, int32_t n_out,
                                        int32_t n_trees, int32_t n_in, const float *leaf,
                                        const float *x, float *y)
{
    for (int32_t k = 0; k < n_out; k++) {
        int32_t top = 0;
        int64_t sum = 0;
        for (int32_t adds = 0; adds < 2; adds++) {
            for (int32_t t = 0; t < n_trees; t++) {
                const int32_t first = (int32_t)leaf[t];
                const int32_t end = cg_leaf_end_f32(feature, n_in, first, x);
                for (int32_t i = end == first + 1 ? first : first + 1; i < end; i++) {
                    const float value = feature[i] < n_in ? x[feature[i]] : 1.0f;
                    const int32_t exponent = power[i] + cg_exponent_f32(value);
                    if (adds == 0) {
                        top = exponent > top ? exponent : top;
                    } else if (top - exponent < 63) {
                        sum += ((int64_t)weight[i] * cg_significand_f32(value)) >> (top - exponent);
                    }
                }
            }
            top += adds == 0 ? spare : 0;
        }
        y[k] = cg_rounded_f32(sum, top - 150);
        leaf += n_trees;
    }
}

#endif
