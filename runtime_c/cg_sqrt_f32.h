/* SPDX-License-Identifier: 0BSD */
#ifndef CG_SQRT_F32_H
#define CG_SQRT_F32_H

#include "cg_base.h"
#include "cg_bits_f32.h"

/* The square root, correctly rounded: the core's own instruction where it has one, digit by
   digit elsewhere. sqrt(-0) = -0, the root of a negative number and of NaN is NaN. */
#if defined(__GNUC__) && defined(__ARM_FP) && (__ARM_FP & 4) && defined(__ARM_PCS_VFP)
#define CG_SQRT_F32_ASM(root, x) __asm__("vsqrt.f32 %0, %1" : "=t"(root) : "t"(x))
#elif defined(__GNUC__) && defined(__riscv_flen)
#define CG_SQRT_F32_ASM(root, x) __asm__("fsqrt.s %0, %1" : "=f"(root) : "f"(x))
#elif defined(__GNUC__) && defined(__SSE__)
#define CG_SQRT_F32_ASM(root, x) __asm__("sqrtss %1, %0" : "=x"(root) : "x"(x))
#endif

static inline float cg_sqrt_f32(float x)
{
#if defined(CG_SQRT_F32_ASM)
    float root;
    CG_SQRT_F32_ASM(root, x);
    return root;
#else
    uint32_t rest = cg_bits_f32(x);
    if ((rest & 0x7FFFFFFFu) == 0u || rest == 0x7F800000u) {
        return x;
    }
    if (rest > 0x7F800000u) {
        return cg_from_bits_f32(0x7FC00000u);
    }

    int32_t exponent = (int32_t)(rest >> 23);
    rest &= 0x7FFFFFu;
    if (exponent > 0) {
        rest |= 0x800000u;
    } else {
        exponent = 1;
        while (rest < 0x800000u) {
            rest <<= 1;
            exponent--;
        }
    }
    exponent += 127;
    if ((exponent & 1) != 0) {
        rest <<= 1;
    }
    /* 25 binary digits: the root's 24 and one that says how to round; there are no ties */
    uint32_t root = 0;
    for (uint32_t digit = 0x1000000u; digit != 0u; digit >>= 1) {
        const uint32_t step = 2u * root + digit;
        if (2u * rest >= step) {
            rest = 2u * rest - step;
            root += digit;
        } else {
            rest *= 2u;
        }
    }
    return cg_from_bits_f32(((uint32_t)(exponent / 2) << 23) + ((root + 1u) >> 1) - 0x800000u);
#endif
}

#endif
