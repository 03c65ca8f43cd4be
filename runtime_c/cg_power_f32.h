/* SPDX-License-Identifier: 0BSD */
#ifndef CG_POWER_F32_H
#define CG_POWER_F32_H

#include "cg_base.h"

/* x to a whole power, by squaring; x^0 is 1. */
static inline float cg_power_f32(float x, int32_t power)
{
    float result = 1.0f;
    while (power > 0) {
        if (power & 1) {
            result *= x;
        }
        x *= x;
        power >>= 1;
    }
    return result;
}

#endif
