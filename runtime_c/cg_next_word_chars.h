/* SPDX-License-Identifier: 0BSD */
#ifndef CG_NEXT_WORD_CHARS_H
#define CG_NEXT_WORD_CHARS_H

#include "cg_text.h"

/* The next term: `least` to `most` neighbouring letters of " word ", for what stands between
   blanks; of a word that is no longer than a term, once all of it. Gives its number of stretches,
   0 at the end, and where they stand. Before the first call at, end, offset and size are 0. */
static inline int32_t cg_next_word_chars(cg_reader *r, const int32_t **span)
{
    int32_t whole = r->end - r->at + 2;
    if (r->size > 0 && r->offset + r->size < whole) {
        r->offset++;
    } else if (r->size > 0 && r->offset > 0 && r->size < r->most) {
        r->offset = 0;
        r->size++;
    } else {
        r->at = r->end;
        while (r->at < r->length && cg_is_blank(r, r->at)) {
            r->at++;
        }
        r->end = r->at;
        while (r->end < r->length && !cg_is_blank(r, r->end)) {
            r->end++;
        }
        if (r->at == r->end) {
            return 0;
        }
        whole = r->end - r->at + 2;
        r->offset = 0;
        r->size = r->least;
    }
    int32_t last = r->offset + r->size < whole ? r->offset + r->size : whole;
    int32_t n_spans = 0;
    if (r->offset == 0) {
        r->span[0] = r->at;
        r->span[1] = r->at;
        n_spans++;
    }
    r->span[2 * n_spans] = r->offset == 0 ? r->at : r->at + r->offset - 1;
    r->span[2 * n_spans + 1] = last == whole ? r->end : r->at + last - 1;
    n_spans++;
    if (last == whole) {
        r->span[2 * n_spans] = r->end;
        r->span[2 * n_spans + 1] = r->end;
        n_spans++;
    }
    *span = r->span;
    return n_spans;
}

#endif
