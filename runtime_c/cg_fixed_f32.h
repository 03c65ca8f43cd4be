/* SPDX-License-Identifier: 0BSD */
#ifndef CG_FIXED_F32_H
#define CG_FIXED_F32_H

#include "cg_block_f32.h"

/* q[j] = x[j] / 2^(top - 157), rounded to whole numbers up to 2^(31 - spare). Gives 0, and q half
   done, if an x[j] is too large for that, infinite or NaN; else 1. Needs top > 32: so 0, and
   subnormals as well, become 0. */
static inline int32_t cg_fixed_f32(int32_t top, int32_t spare, int32_t n, const float *x,
                                   int32_t *q)
{
    for (int32_t j = 0; j < n; j++) {
        const uint32_t bits = cg_bits_f32(x[j]);
        const int32_t exponent = (int32_t)((bits << 1) >> 24);
        if (exponent > top - spare) {
            return 0;
        }
        q[j] = cg_whole_f32(bits, exponent, top);
    }
    return 1;
}

#endif
