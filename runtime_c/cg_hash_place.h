/* SPDX-License-Identifier: 0BSD */
#ifndef CG_HASH_PLACE_H
#define CG_HASH_PLACE_H

#include "cg_text.h"

/* Four bytes before they enter the hash. */
static inline uint32_t cg_scrambled(uint32_t word)
{
    word *= 0xcc9e2d51u;
    word = (word << 15) | (word >> 17);
    return word * 0x1b873593u;
}

/* MurmurHash3 of 32 bits under the seed 0, of a term of n_spans stretches (Appleby 2011). */
static inline uint32_t cg_hash_term(const cg_reader *r, const int32_t *span, int32_t n_spans)
{
    uint32_t h = 0;
    uint32_t word = 0;
    uint32_t size = 0;
    for (int32_t s = 0; s < n_spans; s++) {
        for (int32_t i = s > 0 ? span[2 * s] - 1 : span[0]; i < span[2 * s + 1]; i++) {
            uint32_t c = i < span[2 * s] ? 32u : cg_letter(r, i);
            word |= c << (8 * (size & 3));
            size++;
            if ((size & 3) == 0) {
                h ^= cg_scrambled(word);
                h = ((h << 13) | (h >> 19)) * 5u + 0xe6546b64u;
                word = 0;
            }
        }
    }
    h ^= cg_scrambled(word) ^ size;
    h = (h ^ (h >> 16)) * 0x85ebca6bu;
    h = (h ^ (h >> 13)) * 0xc2b2ae35u;
    return h ^ (h >> 16);
}

/* The place among n of a term's hash as a signed number, and whether that is negative: |h| mod n,
   where |h| of the least number is 2^31 - n. */
static inline int32_t cg_hash_place(const cg_reader *r, const int32_t *span, int32_t n_spans,
                                    int32_t n, int32_t *negative)
{
    uint32_t h = cg_hash_term(r, span, n_spans);
    uint32_t size = h >> 31 ? 0u - h : h;
    *negative = (int32_t)(h >> 31);
    if (size == 0x80000000u) {
        size = 0x80000000u - (uint32_t)n;
    }
    return (int32_t)(size % (uint32_t)n);
}

#endif
