/* SPDX-License-Identifier: 0BSD */
#ifndef CG_AFFINE_F32_H
#define CG_AFFINE_F32_H

#include "cg_rounded_f32.h"

/* The biased exponent of x; that of the least normal float for zero and subnormals. */
static inline int32_t cg_exponent_f32(float x)
{
    const int32_t exponent = (int32_t)((cg_bits_f32(x) >> 23) & 255u);
    return exponent == 0 ? 1 : exponent;
}

/* x / 2^(cg_exponent_f32(x) - 150): a whole number of 24 bits and a sign. */
static inline int32_t cg_significand_f32(float x)
{
    const uint32_t bits = cg_bits_f32(x);
    const uint32_t hidden = (bits & 0x7f800000u) == 0u ? 0u : 0x00800000u;
    const int32_t size = (int32_t)((bits & 0x007fffffu) | hidden);
    return (bits >> 31) != 0u ? -size : size;
}

/* y = W x + b in block fixed point. A coefficient is weight * 2^power, the last of the n_in + 1 of
   a row is b. The products of a row are brought to the exponent of the largest one and added as
   64-bit integers: only the last step rounds to float, and no sum depends on float hardware.
   Error: half an ulp of y, and per product 2^-52 of the largest one (times 2^spare). Each product
   has 55 bits, so `spare` is 0 up to n_in = 255 and grows by 1 each time n_in doubles.
   >> of a negative number keeps its sign, as gcc and clang define it. x, y must not overlap. */
static inline void cg_affine_f32(const int32_t *weight, const int8_t *power, int32_t spare,
                                 int32_t n_out, int32_t n_in, const float *x, float *y)
{
    for (int32_t i = 0; i < n_out; i++) {
        int32_t top = power[n_in] + 127;
        for (int32_t j = 0; j < n_in; j++) {
            const int32_t exponent = power[j] + cg_exponent_f32(x[j]);
            top = exponent > top ? exponent : top;
        }
        top += spare;
        int64_t sum = 0;
        for (int32_t j = 0; j <= n_in; j++) {
            const float value = j < n_in ? x[j] : 1.0f;
            const int32_t shift = top - power[j] - cg_exponent_f32(value);
            if (shift < 63) {
                sum += ((int64_t)weight[j] * cg_significand_f32(value)) >> shift;
            }
        }
        y[i] = cg_rounded_f32(sum, top - 150);
        weight += n_in + 1;
        power += n_in + 1;
    }
}

#endif
