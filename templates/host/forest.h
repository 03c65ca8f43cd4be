/* SPDX-License-Identifier: 0BSD */
/* Walks many rows through a tree at once: while one waits for its node, the others go on. */
#ifndef HOST_FOREST_H
#define HOST_FOREST_H

#include <stdint.h>

/* As many places as a PC keeps in registers beside the pointers. */
enum { HOST_LANES = 12 };

/* The right child stands behind the left one, at link. A leaf leads to itself: it asks the column
   that is always 0, and its key is the row of its values. */
typedef struct {
    uint32_t key;
    uint16_t column;
    uint16_t link;
} host_node;

/* An integer that orders like the float: of two numbers the larger has the larger key. */
static inline uint32_t host_key(float value)
{
    union {
        float value;
        uint32_t bits;
    } pun;
    pun.value = value;
    return (pun.bits >> 31) != 0u ? ~pun.bits : pun.bits | 0x80000000u;
}

/* The nodes at which HOST_LANES rows of keys (`width` apart) end: at[lane], of one tree. */
static inline __attribute__((always_inline)) void host_walk(const host_node *tree, int32_t depth,
                                                            const uint32_t *keys, int32_t width,
                                                            uint32_t *at)
{
    for (int32_t lane = 0; lane < HOST_LANES; lane++) {
        at[lane] = 0u;
    }
    for (; depth > 0; depth--) {
        /* vectors would have to gather, which is slower */
#pragma clang loop vectorize(disable) unroll(full)
        for (int32_t lane = 0; lane < HOST_LANES; lane++) {
            const host_node *node = tree + at[lane];
            const uint32_t key = keys[lane * width + node->column];
            at[lane] = node->link + (node->key < key ? 1u : 0u);
        }
    }
}

#endif
