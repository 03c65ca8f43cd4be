/* SPDX-License-Identifier: 0BSD */
#ifndef CG_RELU_F32_H
#define CG_RELU_F32_H

#include "cg_bits_f32.h"

/* max(x, 0): the bits of x, or zero where its sign is set. A NaN without a sign stays one. */
static inline float cg_relu_f32(float x)
{
    const uint32_t bits = cg_bits_f32(x);
    return cg_from_bits_f32((bits >> 31) != 0u ? 0u : bits);
}

#endif
