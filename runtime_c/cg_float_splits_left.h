/* SPDX-License-Identifier: 0BSD */
#ifndef CG_FLOAT_SPLITS_LEFT_H
#define CG_FLOAT_SPLITS_LEFT_H

#include "cg_inline.h"

/* x <= threshold, for cores with a float unit; NaN, which no comparison holds for, goes where
   missing_left says. */
CG_INLINE int32_t cg_float_splits_left(float x, float threshold, uint32_t missing_left)
{
    return missing_left != 0u ? !(x > threshold) : x <= threshold;
}

#endif
