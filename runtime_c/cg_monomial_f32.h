/* SPDX-License-Identifier: 0BSD */
#ifndef CG_MONOMIAL_F32_H
#define CG_MONOMIAL_F32_H

#include "cg_power_f32.h"

/* The product over n features of x[j] ^ power[j]. */
static inline float cg_monomial_f32(const uint8_t *power, int32_t n, const float *x)
{
    float product = 1.0f;
    for (int32_t j = 0; j < n; j++) {
        if (power[j] != 0) {
            product *= cg_power_f32(x[j], power[j]);
        }
    }
    return product;
}

#endif
