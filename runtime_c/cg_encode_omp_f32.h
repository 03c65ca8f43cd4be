/* SPDX-License-Identifier: 0BSD */
#ifndef CG_ENCODE_OMP_F32_H
#define CG_ENCODE_OMP_F32_H

#include "cg_sqrt_f32.h"

/* The atom that has most in common with what is left of x; most: how much. */
static inline int32_t cg_next_atom_f32(const float *gram, int32_t n, int32_t k, const float *c,
                                       const float *picked, const float *gamma, float *most)
{
    int32_t best = 0;
    *most = -1.0f;
    for (int32_t j = 0; j < n; j++) {
        float rest = c[j];
        for (int32_t i = 0; i < k; i++) {
            rest -= gram[j * n + (int32_t)picked[i]] * gamma[i];
        }
        const float size = rest < 0.0f ? -rest : rest;
        if (size > *most) {
            *most = size;
            best = j;
        }
    }
    return best;
}

/* Orthogonal matching pursuit: one atom after the other, up to `count`, and each time the least
   squares over all that are picked, by Cholesky's factor l of their part of gram (n, n). c (n) are
   the products of x with the atoms. Ends early where nothing is left, or an atom depends on the
   picked ones: a square not above `least`. scratch holds count (count + 2) values. */
static inline void cg_encode_omp_f32(const float *gram, int32_t n, int32_t count, float least,
                                     const float *c, float *scratch, float *code)
{
    float *picked = scratch;
    float *gamma = picked + count;
    float *l = gamma + count;
    int32_t k = 0;
    while (k < count) {
        float most;
        const int32_t best = cg_next_atom_f32(gram, n, k, c, picked, gamma, &most);
        int32_t again = 0;
        for (int32_t i = 0; i < k; i++) {
            again |= (int32_t)picked[i] == best ? 1 : 0;
        }
        if (again != 0 || most * most < least) {
            break;
        }
        float *row = l + k * count;
        float left = gram[best * n + best];
        for (int32_t i = 0; i < k; i++) {
            float sum = gram[best * n + (int32_t)picked[i]];
            for (int32_t m = 0; m < i; m++) {
                sum -= row[m] * l[i * count + m];
            }
            row[i] = sum / l[i * count + i];
            left -= row[i] * row[i];
        }
        if (k > 0 && left <= least) {
            break;
        }
        row[k] = cg_sqrt_f32(left);
        picked[k] = (float)best;
        k++;
        for (int32_t i = 0; i < k; i++) {
            float sum = c[(int32_t)picked[i]];
            for (int32_t m = 0; m < i; m++) {
                sum -= l[i * count + m] * gamma[m];
            }
            gamma[i] = sum / l[i * count + i];
        }
        for (int32_t i = k - 1; i >= 0; i--) {
            float sum = gamma[i];
            for (int32_t m = i + 1; m < k; m++) {
                sum -= l[m * count + i] * gamma[m];
            }
            gamma[i] = sum / l[i * count + i];
        }
    }
    for (int32_t j = 0; j < n; j++) {
        code[j] = 0.0f;
    }
    for (int32_t i = 0; i < k; i++) {
        code[(int32_t)picked[i]] = gamma[i];
    }
}

#endif
