/* SPDX-License-Identifier: 0BSD */
#ifndef CG_INVERSE_ROOT_WITHIN_F32_H
#define CG_INVERSE_ROOT_WITHIN_F32_H

#include "cg_inverse_within_f32.h"
#include "cg_sqrt_f32.h"

/* As cg_inverse_within_f32 for squared distances: the weights are the roots. */
static inline float cg_inverse_root_within_f32(float d, float reach, float least)
{
    return cg_sqrt_f32(cg_inverse_within_f32(d, reach, least));
}

#endif
