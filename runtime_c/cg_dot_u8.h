/* SPDX-License-Identifier: 0BSD */
#ifndef CG_DOT_U8_H
#define CG_DOT_U8_H

#include "cg_base.h"

/* sum of w[j] q[j] over n >= 1 values, exact; |q[j]| <= 2^30 and the w[j] add up to at most 65535.
   q = 2^16 b + d with 0 <= d < 2^16: the sums of w d and of w b fit 32 bits each, which a core
   without long multiplication needs, and one with it hardly notices. */
static inline int64_t cg_dot_u8(const uint8_t *w, const int32_t *q, int32_t n)
{
#if defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__) || defined(__riscv)
    const uint8_t *const end = w + n;
    uint32_t low = 0u;
    int32_t high = 0;
    do {
        const int32_t weight = *w++;
        const int32_t value = *q++;
        low += (uint32_t)weight * ((uint32_t)value & 65535u);
        high += weight * (value >> 16);
    } while (w != end);
    return (int64_t)high * 65536 + (int64_t)low;
#else
    const uint8_t *const odd = w + (n & 3);
    const uint8_t *const end = w + n;
    int64_t sum = 0;
    while (w != odd) {
        sum += (int64_t)*w++ * *q++;
    }
    if (w != end) {
        do {
            sum += (int64_t)*w++ * *q++;
            sum += (int64_t)*w++ * *q++;
            sum += (int64_t)*w++ * *q++;
            sum += (int64_t)*w++ * *q++;
        } while (w != end);
    }
    return sum;
#endif
}

#endif
