/* SPDX-License-Identifier: 0BSD */
#ifndef CG_IS_NAN_F32_H
#define CG_IS_NAN_F32_H

#include "cg_base.h"

/* 1 where x is NaN, else 0. */
static inline float cg_is_nan_f32(float x)
{
    return x != x ? 1.0f : 0.0f;
}

#endif
