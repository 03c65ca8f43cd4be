/* SPDX-License-Identifier: 0BSD */
#ifndef CG_SCALED_F32_H
#define CG_SCALED_F32_H

#include "cg_affine_f32.h"
#include "cg_dot_i32.h"

/* (float)value * factor, bit for bit, for |value| < 2^31 and a finite factor > 0. Arm and RISC-V cores
   without a float unit would link their library of soft float for it: there value is rounded to 24
   bits, ties to even, and its exact product with the significand is rounded once more. */
static inline float cg_scaled_f32(int32_t value, float factor)
{
#if (defined(__arm__) && (!defined(__ARM_FP) || defined(__SOFTFP__))) || \
    (defined(__riscv) && !defined(__riscv_flen) && !defined(__riscv_zfinx))
    const int32_t size = value < 0 ? -value : value;
    int32_t lost = 0;
    while ((size >> lost) > 0x00ffffff) {
        lost++;
    }
    int32_t whole = size >> lost;
    const int32_t rest = size - (whole << lost);
    const int32_t half = lost != 0 ? 1 << (lost - 1) : 1;
    whole += rest > half || (rest == half && (whole & 1) != 0);
    const int64_t product = cg_product_i32(value < 0 ? -whole : whole, cg_significand_f32(factor));
    return cg_rounded_f32(product, cg_exponent_f32(factor) + lost - 150);
#else
    return (float)value * factor;
#endif
}

#endif
