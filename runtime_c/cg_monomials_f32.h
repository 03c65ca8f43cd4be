/* SPDX-License-Identifier: 0BSD */
#ifndef CG_MONOMIALS_F32_H
#define CG_MONOMIALS_F32_H

#include "cg_monomial_f32.h"

/* y[i] = product over j of x[j] ^ powers[i][j]; powers (n_out, n_in). x, y must not overlap. */
static inline void cg_monomials_f32(const uint8_t *powers, int32_t n_out, int32_t n_in,
                                    const float *x, float *y)
{
    for (int32_t i = 0; i < n_out; i++) {
        y[i] = cg_monomial_f32(powers + i * n_in, n_in, x);
    }
}

#endif
