/* SPDX-License-Identifier: 0BSD */
#ifndef CG_SPLITS_LEFT_H
#define CG_SPLITS_LEFT_H

#include "cg_bits_f32.h"
#include "cg_inline.h"

/* x <= threshold, for the bits of a threshold, -0 written as 0; NaN goes where missing_left says; anywhere
   where it says 2.
   Bits order like the numbers where they are positive, the other way where they are negative. As
   signed numbers the bits of a positive NaN are above all, as unsigned ones those of a negative:
   one comparison of integers is enough but for a NaN on the side that is not its own. Meant for
   constants: little is left of it then, and it must not become a call. */
CG_INLINE int32_t cg_splits_left(float x, uint32_t threshold, uint32_t missing_left)
{
    const uint32_t bits = cg_bits_f32(x);
    const int32_t below = (threshold >> 31) != 0u ? bits >= threshold
                                                  : (int32_t)bits <= (int32_t)threshold;
    if (missing_left > 1u) {
        return below;
    }
    return missing_left != 0u ? below || (int32_t)bits > 0x7f800000
                              : below && bits <= 0xff800000u;
}

#endif
