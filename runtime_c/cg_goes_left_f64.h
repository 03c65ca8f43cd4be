/* SPDX-License-Identifier: 0BSD */
#ifndef CG_GOES_LEFT_F64_H
#define CG_GOES_LEFT_F64_H

#include "cg_bits_f64.h"

/* x <= threshold for doubles, as cg_goes_left compares floats: the key is the bits of the threshold,
   the low 63 inverted where it is negative. NaN goes where missing_left says. */
static inline int32_t cg_goes_left_f64(double x, int64_t key, uint32_t missing_left)
{
    const uint64_t bits = cg_bits_f64(x);
    const uint64_t size = bits & 0x7fffffffffffffffu;
    if (size > 0x7ff0000000000000u) {
        return missing_left != 0u;
    }
    return ((bits >> 63) != 0u ? -1 - (int64_t)size : (int64_t)size) <= key;
}

#endif
