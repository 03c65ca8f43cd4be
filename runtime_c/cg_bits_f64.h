/* SPDX-License-Identifier: 0BSD */
#ifndef CG_BITS_F64_H
#define CG_BITS_F64_H

#include "cg_base.h"

/* The bits of a double and the double of some bits: all type punning goes through these two. */
static inline uint64_t cg_bits_f64(double value)
{
    union {
        double value;
        uint64_t bits;
    } pun;
    pun.value = value;
    return pun.bits;
}

static inline double cg_from_bits_f64(uint64_t bits)
{
    union {
        double value;
        uint64_t bits;
    } pun;
    pun.bits = bits;
    return pun.value;
}

#endif
