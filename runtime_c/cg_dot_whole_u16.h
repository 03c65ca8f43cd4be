/* SPDX-License-Identifier: 0BSD */
#ifndef CG_DOT_WHOLE_U16_H
#define CG_DOT_WHOLE_U16_H

#include "cg_base.h"

/* sum of x[j] w[j] over n >= 1 values, exact. Without long multiplication w = 2^16 a + c with
   0 <= c < 2^16: x c and x a fit 32 bits each. */
static inline int64_t cg_dot_whole_u16(const uint16_t *x, const int32_t *w, int32_t n)
{
    const uint16_t *const end = x + n;
    int64_t sum = 0;
#if defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__)
    int64_t high = 0;
    do {
        const uint32_t value = *x++;
        const int32_t weight = *w++;
        sum += value * (uint32_t)((uint32_t)weight & 65535u);
        high += (int32_t)value * (weight >> 16);
    } while (x != end);
    sum += high * 65536;
#else
    const uint16_t *const odd = x + (n & 3);
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
