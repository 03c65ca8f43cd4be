/* SPDX-License-Identifier: 0BSD */
#ifndef CG_SOFTSIGN_F32_H
#define CG_SOFTSIGN_F32_H

#include "cg_base.h"

/* x / (|x| + 1). A tiny x is its own value, and so no quotient is subnormal. NaN gives NaN. */
static inline float cg_softsign_f32(float x)
{
    const float sum = (x < 0.0f ? -x : x) + 1.0f;
    return sum == 1.0f ? x : x / sum;
}

#endif
