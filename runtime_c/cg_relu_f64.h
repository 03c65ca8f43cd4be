/* SPDX-License-Identifier: 0BSD */
#ifndef CG_RELU_F64_H
#define CG_RELU_F64_H

#include "cg_bits_f64.h"

/* max(x, 0): the bits of x, or zero where its sign is set. A NaN without a sign stays one. */
static inline double cg_relu_f64(double x)
{
    const uint64_t bits = cg_bits_f64(x);
    return cg_from_bits_f64((bits >> 63) != 0u ? 0u : bits);
}

#endif
