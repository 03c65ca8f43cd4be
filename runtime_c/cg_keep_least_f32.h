/* SPDX-License-Identifier: 0BSD */
#ifndef CG_KEEP_LEAST_F32_H
#define CG_KEEP_LEAST_F32_H

#include "cg_base.h"

/* least = min(least, value). */
static inline void cg_keep_least_f32(float value, float *least)
{
    *least = value < *least ? value : *least;
}

#endif
