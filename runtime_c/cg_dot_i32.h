/* SPDX-License-Identifier: 0BSD */
#ifndef CG_DOT_I32_H
#define CG_DOT_I32_H

#include "cg_base.h"

/* sum of w[j] q[j] over n >= 1 values, exact; |w[j]|, |q[j]| <= 2^30 and the sum fits 63 bits.
   Most cores multiply 32 by 32 bits to 64 in one instruction or two. ARMv6-M has no such thing:
   there w = 2^16 a + c and q = 2^16 b + d with 0 <= c, d < 2^16, and the product is
   2^32 a b + 2^16 (a d + b c) + c d, the middle sum staying below 2^31. Compilers spill four of
   these values in every turn; by hand it is 22 instructions (r12: q - w, lr: the end of w).
   Thumb-2 loads two words in one instruction, which compilers do for one of the two arrays alone. */
#if defined(__GNUC__) && (defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__))
static inline int64_t cg_dot_i32(const int32_t *w, const int32_t *q, int32_t n)
{
    uint32_t low = 0u;
    uint32_t high = 0u;
    uintptr_t a = (uintptr_t)(w + n);
    uintptr_t b = (uintptr_t)q - (uintptr_t)w;
    uint32_t c, d;
    __asm__ volatile(".syntax unified\n\t"
                     "mov lr, %[a]\n\t"
                     "mov r12, %[b]\n"
                     "1:\n\t"
                     "mov %[b], r12\n\t"
                     "ldr %[b], [%[w], %[b]]\n\t"
                     "ldr %[a], [%[w]]\n\t"
                     "uxth %[c], %[a]\n\t"
                     "uxth %[d], %[b]\n\t"
                     "asrs %[a], %[a], #16\n\t"
                     "asrs %[b], %[b], #16\n\t"
                     "muls %[c], %[b], %[c]\n\t" /* c = b c */
                     "muls %[b], %[a], %[b]\n\t" /* b = a b */
                     "muls %[a], %[d], %[a]\n\t" /* a = a d */
                     "adds %[a], %[a], %[c]\n\t"
                     "ldrh %[c], [%[w]]\n\t"
                     "muls %[c], %[d], %[c]\n\t" /* c = c d */
                     "adds %[low], %[low], %[c]\n\t"
                     "adcs %[high], %[high], %[b]\n\t"
                     "asrs %[b], %[a], #16\n\t"
                     "lsls %[a], %[a], #16\n\t"
                     "adds %[low], %[low], %[a]\n\t"
                     "adcs %[high], %[high], %[b]\n\t"
                     "adds %[w], %[w], #4\n\t"
                     "cmp %[w], lr\n\t"
                     "bne 1b\n"
                     : [w] "+l"(w), [low] "+l"(low), [high] "+l"(high), [a] "+l"(a),
                       [b] "+l"(b), [c] "=&l"(c), [d] "=&l"(d)
                     :
                     : "r12", "lr", "cc", "memory");
    return (int64_t)(((uint64_t)high << 32) | low);
}

static inline int64_t cg_product_i32(int32_t a, int32_t b)
{
    return cg_dot_i32(&a, &b, 1);
}
#else
static inline int64_t cg_dot_i32(const int32_t *w, const int32_t *q, int32_t n)
{
    const int32_t *const odd = w + (n & 3);
    const int32_t *const end = w + n;
    int64_t sum = 0;
    while (w != odd) {
        sum += (int64_t)*w++ * *q++;
    }
    if (w != end) {
#if defined(__GNUC__) && defined(__thumb2__)
        int32_t a, b, c, d;
        __asm__ volatile(".syntax unified\n"
                         "1:\n\t"
                         "ldrd %[a], %[b], [%[w]], #8\n\t"
                         "ldrd %[c], %[d], [%[q]], #8\n\t"
                         "smlal %Q[sum], %R[sum], %[a], %[c]\n\t"
                         "smlal %Q[sum], %R[sum], %[b], %[d]\n\t"
                         "ldrd %[a], %[b], [%[w]], #8\n\t"
                         "ldrd %[c], %[d], [%[q]], #8\n\t"
                         "smlal %Q[sum], %R[sum], %[a], %[c]\n\t"
                         "smlal %Q[sum], %R[sum], %[b], %[d]\n\t"
                         "cmp %[w], %[end]\n\t"
                         "bne 1b\n"
                         : [w] "+&r"(w), [q] "+&r"(q), [sum] "+&r"(sum), [a] "=&r"(a),
                           [b] "=&r"(b), [c] "=&r"(c), [d] "=&r"(d)
                         : [end] "r"(end)
                         : "cc", "memory");
#else
        do { /* loads side by side, so that one instruction may do two */
            const int32_t w0 = w[0], w1 = w[1], q0 = q[0], q1 = q[1];
            const int32_t w2 = w[2], w3 = w[3], q2 = q[2], q3 = q[3];
            w += 4;
            q += 4;
            sum += (int64_t)w0 * q0;
            sum += (int64_t)w1 * q1;
            sum += (int64_t)w2 * q2;
            sum += (int64_t)w3 * q3;
        } while (w != end);
#endif
    }
    return sum;
}

/* a b, exact. */
static inline int64_t cg_product_i32(int32_t a, int32_t b)
{
    return (int64_t)a * b;
}
#endif

#endif
