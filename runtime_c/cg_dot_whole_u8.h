/* SPDX-License-Identifier: 0BSD */
#ifndef CG_DOT_WHOLE_U8_H
#define CG_DOT_WHOLE_U8_H

#include "cg_base.h"

/* sum of x[j] w[j] over n >= 1 values, exact. Without long multiplication w = 2^16 a + c with
   0 <= c < 2^16: for 256 values the sums of x c and of x a fit 32 bits each. */
static inline int64_t cg_dot_whole_u8(const uint8_t *x, const int32_t *w, int32_t n)
{
    const uint8_t *const end = x + n;
    int64_t sum = 0;
#if defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__)
    do {
        const uint8_t *const stop = end - x > 256 ? x + 256 : end;
        uint32_t low = 0;
        int32_t high = 0;
        do {
            const int32_t value = *x++;
            const int32_t weight = *w++;
            low += (uint32_t)value * (uint32_t)((uint32_t)weight & 65535u);
            high += value * (weight >> 16);
        } while (x != stop);
        sum += (int64_t)high * 65536 + (int64_t)low;
    } while (x != end);
#else
    const uint8_t *const odd = x + (n & 3);
    while (x != odd) {
        sum += (int64_t)*w++ * *x++;
    }
    while (x != end) {
        sum += (int64_t)*w++ * *x++;
        sum += (int64_t)*w++ * *x++;
        sum += (int64_t)*w++ * *x++;
        sum += (int64_t)*w++ * *x++;
    }
#endif
    return sum;
}

#endif
