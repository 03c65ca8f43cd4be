/* SPDX-License-Identifier: 0BSD */
#ifndef CG_FIND_TERM_U32_H
#define CG_FIND_TERM_U32_H

#include "cg_text.h"

/* The place of a term of n_spans stretches among n sorted terms, or -1 where it is none of them.
   Term i is the letters from starts[i] to before starts[i + 1]. */
static inline int32_t cg_find_term_u32(const cg_reader *r, const int32_t *span, int32_t n_spans,
                                      const uint8_t *letters, const uint32_t *starts, int32_t n)
{
    int32_t low = 0;
    int32_t high = n;
    while (low < high) {
        int32_t middle = (low + high) / 2;
        int32_t size = (int32_t)(starts[middle + 1] - starts[middle]);
        int32_t order = cg_compare_term(r, span, n_spans, letters + starts[middle], size);
        if (order == 0) {
            return middle;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return -1;
}

#endif
