/* SPDX-License-Identifier: 0BSD */
#ifndef CG_KEYS_F32_H
#define CG_KEYS_F32_H

#include "cg_bits_f32.h"

/* key[2 i] and key[2 i + 1], for n features: x[feature[i]] as integers in the order of the floats,
   so that one comparison tells x <= threshold. The bits of a float are in that order, the low 31
   inverted where it is negative, and leave 0x7fffff places for NaN at either end: taking so many
   away, or adding them, carries the NaN of one end to the other. Of the first key every NaN is above
   infinity, of the second below its opposite. */
static inline void cg_keys_f32(const uint16_t *feature, int32_t n, const float *x, int32_t *key)
{
    for (int32_t i = 0; i < n; i++) {
        const uint32_t bits = cg_bits_f32(x[feature[i]]);
        const uint32_t order = bits ^ ((uint32_t)((int32_t)bits >> 31) >> 1);
        key[2 * i] = (int32_t)(order - 0x007fffffu);
        key[2 * i + 1] = (int32_t)(order + 0x007fffffu);
    }
}

#endif
