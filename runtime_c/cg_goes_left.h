/* SPDX-License-Identifier: 0BSD */
#ifndef CG_GOES_LEFT_H
#define CG_GOES_LEFT_H

#include "cg_bits_f32.h"

/* x <= threshold, for the key of a threshold: the bits of a float, the low 31 inverted where it is
   negative, order like the numbers. So floats are compared as integers, bit for bit as they are
   on a core without a float unit. NaN goes where missing_left says. */
static inline int32_t cg_goes_left(float x, int32_t key, uint32_t missing_left)
{
    const uint32_t bits = cg_bits_f32(x);
    const uint32_t size = bits & 0x7fffffffu;
    if (size > 0x7f800000u) {
        return missing_left != 0u;
    }
    return ((bits >> 31) != 0u ? -1 - (int32_t)size : (int32_t)size) <= key;
}

#endif
