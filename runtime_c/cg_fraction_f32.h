/* SPDX-License-Identifier: 0BSD */
#ifndef CG_FRACTION_F32_H
#define CG_FRACTION_F32_H

#include "cg_base.h"

/* x - floor(x), in [0, 1]; 0 from 2^30 on either side. NaN stays NaN. */
static inline float cg_fraction_f32(float x)
{
    if (!(x > -1073741824.0f && x < 1073741824.0f)) {
        return x != x ? x : 0.0f;
    }
    const float rest = x - (float)(int32_t)x;
    return rest < 0.0f ? rest + 1.0f : rest;
}

#endif
