/* SPDX-License-Identifier: 0BSD */
#ifndef CG_INVERSE_WITHIN_F32_H
#define CG_INVERSE_WITHIN_F32_H

#include "cg_quotient_f32.h"

/* The weight of a row at distance d: least d / d up to the reach, else 0; where the least is 0, 1
   for the rows at it and 0 for the others. */
static inline float cg_inverse_within_f32(float d, float reach, float least)
{
    if (!(d <= reach)) {
        return 0.0f;
    }
    return d == least ? 1.0f : cg_quotient_f32(least, d);
}

#endif
