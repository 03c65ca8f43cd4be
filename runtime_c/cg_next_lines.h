/* SPDX-License-Identifier: 0BSD */
#ifndef CG_NEXT_LINES_H
#define CG_NEXT_LINES_H

#include "cg_text.h"

/* The next term: what stands between two line ends, unless that is nothing. Gives 1, 0 at the
   end, and where it stands. Before the first call at is 0. */
static inline int32_t cg_next_lines(cg_reader *r, const int32_t **span)
{
    while (r->at < r->length && r->text[r->at] == 10) {
        r->at++;
    }
    r->span[0] = r->at;
    while (r->at < r->length && r->text[r->at] != 10) {
        r->at++;
    }
    r->span[1] = r->at;
    *span = r->span;
    return r->span[0] < r->span[1] ? 1 : 0;
}

#endif
