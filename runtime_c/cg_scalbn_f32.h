/* SPDX-License-Identifier: 0BSD */
#ifndef CG_SCALBN_F32_H
#define CG_SCALBN_F32_H

#include "cg_bits_f32.h"

/* x * 2^power, each factor a normal power of two. */
static inline float cg_scalbn_f32(float x, int32_t power)
{
    while (power > 127) {
        x *= cg_from_bits_f32(254u << 23);
        power -= 127;
    }
    while (power < -126) {
        x *= cg_from_bits_f32(1u << 23);
        power += 126;
    }
    return x * cg_from_bits_f32((uint32_t)(power + 127) << 23);
}

#endif
