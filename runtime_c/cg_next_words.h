/* SPDX-License-Identifier: 0BSD */
#ifndef CG_NEXT_WORDS_H
#define CG_NEXT_WORDS_H

#include "cg_find_term_u16.h"

/* Puts the next word that is long enough and no stop word behind the last ones, of which `most`
   are kept: r->offset counts them. 0 at the end of the text, else 1. */
static inline int32_t cg_next_word(cg_reader *r)
{
    for (;;) {
        while (r->at < r->length && !cg_is_word(r, r->at)) {
            r->at++;
        }
        int32_t word[2] = {r->at, r->at};
        while (word[1] < r->length && cg_is_word(r, word[1])) {
            word[1]++;
        }
        r->at = word[1];
        if (word[0] == word[1]) {
            return 0;
        }
        if (word[1] - word[0] >= r->shortest &&
            cg_find_term_u16(r, word, 1, r->stop_letters, r->stop_starts, r->n_stop) < 0) {
            if (r->offset == r->most) {
                for (int32_t i = 0; i < 2 * (r->most - 1); i++) {
                    r->span[i] = r->span[i + 2];
                }
                r->offset--;
            }
            r->span[2 * r->offset] = word[0];
            r->span[2 * r->offset + 1] = word[1];
            r->offset++;
            return 1;
        }
    }
}

/* The next term: `least` to `most` neighbouring words. Gives its number of stretches, 0 at the
   end, and where they stand. Before the first call at, offset and size are 0. */
static inline int32_t cg_next_words(cg_reader *r, const int32_t **span)
{
    while (r->size == 0 || r->size > r->offset) {
        if (!cg_next_word(r)) {
            return 0;
        }
        r->size = r->least;
    }
    *span = r->span + 2 * (r->offset - r->size);
    return r->size++;
}

#endif
