/* SPDX-License-Identifier: 0BSD */
#ifndef CG_DOTS_I32_H
#define CG_DOTS_I32_H

#include "cg_dot_i32.h"

/* How many rows of a matrix are multiplied at once: as many as leave all sums in registers. Thumb-2
   has room for two, and loads q once for both; that takes 12 registers. Where a compiler is told to
   leave more of them alone than the frame pointer, -DCG_DOTS=1 gives the same sums. */
#if defined(CG_DOTS)
#elif defined(__GNUC__) && defined(__thumb2__)
#define CG_DOTS 2
#else
#define CG_DOTS 1
#endif

/* sum[0..CG_DOTS - 1] = the products of as many rows of w (n columns each, `left` rows in all) with
   q; those of rows behind the last say nothing. n >= 1; the rest as cg_dot_i32 asks. */
static inline void cg_dots_i32(const int32_t *w, const int32_t *q, int32_t n, int32_t left,
                               int64_t *sum)
{
#if CG_DOTS == 2
    const int32_t *next = left > 1 ? w + n : w;
    const int32_t *const end = w + n;
    int64_t here = 0;
    int64_t there = 0;
    if ((n & 1) != 0) {
        here = (int64_t)*w++ * *q;
        there = (int64_t)*next++ * *q++;
    }
    if (w != end) { /* two columns in a half of the loop; an odd number of halves starts in the second */
        int32_t a = n & 2;
        int32_t b, c, d;
        __asm__ volatile(".syntax unified\n\t"
                         "cmp %[a], #0\n\t"
                         "bne 2f\n"
                         "1:\n\t"
                         "ldrd %[c], %[d], [%[q]], #8\n\t"
                         "ldrd %[a], %[b], [%[w]], #8\n\t"
                         "smlal %Q[here], %R[here], %[a], %[c]\n\t"
                         "smlal %Q[here], %R[here], %[b], %[d]\n\t"
                         "ldrd %[a], %[b], [%[next]], #8\n\t"
                         "smlal %Q[there], %R[there], %[a], %[c]\n\t"
                         "smlal %Q[there], %R[there], %[b], %[d]\n"
                         "2:\n\t"
                         "ldrd %[c], %[d], [%[q]], #8\n\t"
                         "ldrd %[a], %[b], [%[w]], #8\n\t"
                         "smlal %Q[here], %R[here], %[a], %[c]\n\t"
                         "smlal %Q[here], %R[here], %[b], %[d]\n\t"
                         "ldrd %[a], %[b], [%[next]], #8\n\t"
                         "smlal %Q[there], %R[there], %[a], %[c]\n\t"
                         "smlal %Q[there], %R[there], %[b], %[d]\n\t"
                         "cmp %[w], %[end]\n\t"
                         "bne 1b\n"
                         : [w] "+&r"(w), [next] "+&r"(next), [q] "+&r"(q), [here] "+&r"(here),
                           [there] "+&r"(there), [a] "+&r"(a), [b] "=&r"(b), [c] "=&r"(c),
                           [d] "=&r"(d)
                         : [end] "r"(end)
                         : "cc", "memory");
    }
    sum[0] = here;
    sum[1] = there;
#else
    (void)left;
    sum[0] = cg_dot_i32(w, q, n);
#endif
}

#endif
