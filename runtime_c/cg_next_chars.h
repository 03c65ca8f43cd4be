/* SPDX-License-Identifier: 0BSD */
#ifndef CG_NEXT_CHARS_H
#define CG_NEXT_CHARS_H

#include "cg_text.h"

/* The end of a run of two or more blanks that starts at a place; the place where none does. */
static inline int32_t cg_after_blanks(const cg_reader *r, int32_t i)
{
    int32_t end = i;
    while (end < r->length && cg_is_blank(r, end)) {
        end++;
    }
    return end - i >= 2 ? end : i;
}

/* The stretches of r->size letters from r->at on, 0 where the text ends before. */
static inline int32_t cg_stretches(cg_reader *r)
{
    int32_t n_spans = 1;
    int32_t i = r->at;
    r->span[0] = i;
    for (int32_t k = 0; k < r->size; k++) {
        if (i >= r->length) {
            return 0;
        }
        int32_t end = cg_after_blanks(r, i);
        if (end > i) {
            r->span[2 * n_spans - 1] = i;
            r->span[2 * n_spans] = end;
            n_spans++;
            i = end;
        } else {
            i++;
        }
    }
    r->span[2 * n_spans - 1] = i;
    return n_spans;
}

/* The next term: `least` to `most` neighbouring letters, where a run of two or more blanks counts
   as one blank. Gives its number of stretches, 0 at the end, and where they stand. Before the
   first call at and size are 0. */
static inline int32_t cg_next_chars(cg_reader *r, const int32_t **span)
{
    *span = r->span;
    r->size = r->size > 0 ? r->size + 1 : r->least;
    while (r->at < r->length) {
        int32_t n_spans = r->size <= r->most ? cg_stretches(r) : 0;
        if (n_spans > 0) {
            return n_spans;
        }
        int32_t end = cg_after_blanks(r, r->at);
        r->at = end > r->at ? end : r->at + 1;
        r->size = r->least;
    }
    return 0;
}

#endif
