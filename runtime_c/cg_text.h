/* SPDX-License-Identifier: 0BSD */
#ifndef CG_TEXT_H
#define CG_TEXT_H

#include "cg_base.h"

/* A reader of terms. A term is some stretches of the text, with a blank between two of them:
   from span[2 k] to before span[2 k + 1]. Only at, end, offset, size and span change. */
typedef struct {
    const char *text;
    int32_t length;
    int32_t lower;
    int32_t least;
    int32_t most;
    int32_t shortest;
    const uint8_t *stop_letters;
    const uint16_t *stop_starts;
    int32_t n_stop;
    int32_t at;
    int32_t end;
    int32_t offset;
    int32_t size;
    int32_t *span;
} cg_reader;

/* The byte at a place, A to Z as a to z where that is asked for. */
static inline uint8_t cg_letter(const cg_reader *r, int32_t i)
{
    uint8_t c = (uint8_t)r->text[i];
    return (uint8_t)(r->lower && c >= 65 && c <= 90 ? c + 32 : c);
}

/* Whether a letter, a digit or _ stands at a place. */
static inline int32_t cg_is_word(const cg_reader *r, int32_t i)
{
    uint8_t c = (uint8_t)r->text[i];
    return (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c == 95;
}

/* Whether a blank stands at a place: what Python's str.isspace says of ASCII. */
static inline int32_t cg_is_blank(const cg_reader *r, int32_t i)
{
    uint8_t c = (uint8_t)r->text[i];
    return c == 32 || (c >= 9 && c <= 13) || (c >= 28 && c <= 31);
}

/* The order of a term of n_spans stretches and another of `size` letters: -1, 0 or 1. */
static inline int32_t cg_compare_term(const cg_reader *r, const int32_t *span, int32_t n_spans,
                                      const uint8_t *other, int32_t size)
{
    int32_t k = 0;
    for (int32_t s = 0; s < n_spans; s++) {
        for (int32_t i = s > 0 ? span[2 * s] - 1 : span[0]; i < span[2 * s + 1]; i++) {
            uint8_t c = i < span[2 * s] ? (uint8_t)32 : cg_letter(r, i);
            if (k == size) {
                return 1;
            }
            if (c != other[k]) {
                return c < other[k] ? -1 : 1;
            }
            k++;
        }
    }
    return k == size ? 0 : -1;
}

#endif
