/* SPDX-License-Identifier: 0BSD */
#ifndef CG_WITHIN_F32_H
#define CG_WITHIN_F32_H

#include "cg_base.h"

/* The weight of a row at distance d: 1 up to the reach, else 0; least is not asked for. */
static inline float cg_within_f32(float d, float reach, float least)
{
    (void)least;
    return d <= reach ? 1.0f : 0.0f;
}

#endif
