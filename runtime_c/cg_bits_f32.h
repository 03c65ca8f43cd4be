/* SPDX-License-Identifier: 0BSD */
#ifndef CG_BITS_F32_H
#define CG_BITS_F32_H

#include "cg_base.h"

/* The bits of a float and the float of some bits: all type punning goes through these two. */
static inline uint32_t cg_bits_f32(float value)
{
    union {
        float value;
        uint32_t bits;
    } pun;
    pun.value = value;
    return pun.bits;
}

static inline float cg_from_bits_f32(uint32_t bits)
{
    union {
        float value;
        uint32_t bits;
    } pun;
    pun.bits = bits;
    return pun.value;
}

#endif
