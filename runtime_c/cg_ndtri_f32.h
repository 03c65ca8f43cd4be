/* SPDX-License-Identifier: 0BSD */
#ifndef CG_NDTRI_F32_H
#define CG_NDTRI_F32_H

#include "cg_bits_f32.h"
#include "cg_log_f32.h"
#include "cg_sqrt_f32.h"

/* The number below which a standard normal value lies with probability p: rational functions of
   p - 1/2 near the middle, of sqrt(-ln p) in the tails (Wichura, algorithm AS 241, PPND7).
   -infinity at 0, infinity at 1, NaN beyond. Error below 8.0 ulp (docs/math.md). */
static inline float cg_ndtri_f32(float p)
{
    const float q = p - 0.5f;
    if (q >= -0.425f && q <= 0.425f) {
        const float r = 0.180625f - q * q;
        return q * (((59.109374720f * r + 159.29113202f) * r + 50.434271938f) * r + 3.3871327179f) /
               (((67.187563600f * r + 78.757757664f) * r + 17.895169469f) * r + 1.0f);
    }
    const float tail = q < 0.0f ? p : 1.0f - p;
    if (!(tail > 0.0f)) { /* the ends, beyond them, or NaN */
        return tail == 0.0f ? cg_from_bits_f32(q < 0.0f ? 0xFF800000u : 0x7F800000u)
                            : cg_from_bits_f32(0x7FC00000u);
    }
    float r = cg_sqrt_f32(-cg_log_f32(tail));
    float z;
    if (r <= 5.0f) {
        r -= 1.6f;
        z = (((0.17023821103f * r + 1.3067284816f) * r + 2.7568153900f) * r + 1.4234372777f) /
            ((0.12021132975f * r + 0.73700164250f) * r + 1.0f);
    } else {
        r -= 5.0f;
        z = (((0.017337203997f * r + 0.42868294337f) * r + 3.0812263860f) * r + 6.6579051150f) /
            ((0.012258202635f * r + 0.24197894225f) * r + 1.0f);
    }
    return q < 0.0f ? -z : z;
}

#endif
