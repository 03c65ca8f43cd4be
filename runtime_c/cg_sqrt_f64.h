/* SPDX-License-Identifier: 0BSD */
#ifndef CG_SQRT_F64_H
#define CG_SQRT_F64_H

#include "cg_base.h"
#include "cg_bits_f64.h"

/* The square root, correctly rounded: the core's own instruction where it has one, digit by
   digit elsewhere. sqrt(-0) = -0, the root of a negative number and of NaN is NaN. */
#if defined(__GNUC__) && defined(__ARM_FP) && (__ARM_FP & 8) && defined(__ARM_PCS_VFP)
#define CG_SQRT_F64_ASM(root, x) __asm__("vsqrt.f64 %P0, %P1" : "=w"(root) : "w"(x))
#elif defined(__GNUC__) && defined(__riscv_flen) && __riscv_flen >= 64
#define CG_SQRT_F64_ASM(root, x) __asm__("fsqrt.d %0, %1" : "=f"(root) : "f"(x))
#elif defined(__GNUC__) && defined(__SSE2__)
#define CG_SQRT_F64_ASM(root, x) __asm__("sqrtsd %1, %0" : "=x"(root) : "x"(x))
#endif

static inline double cg_sqrt_f64(double x)
{
#if defined(CG_SQRT_F64_ASM)
    double root;
    CG_SQRT_F64_ASM(root, x);
    return root;
#else
    uint64_t rest = cg_bits_f64(x);
    if ((rest & 0x7FFFFFFFFFFFFFFFu) == 0u || rest == 0x7FF0000000000000u) {
        return x;
    }
    if (rest > 0x7FF0000000000000u) {
        return cg_from_bits_f64(0x7FF8000000000000u);
    }

    int32_t exponent = (int32_t)(rest >> 52);
    rest &= 0xFFFFFFFFFFFFFu;
    if (exponent > 0) {
        rest |= 0x10000000000000u;
    } else {
        exponent = 1;
        while (rest < 0x10000000000000u) {
            rest <<= 1;
            exponent--;
        }
    }
    exponent += 1023;
    if ((exponent & 1) != 0) {
        rest <<= 1;
    }
    /* 54 binary digits: the root's 53 and one that says how to round; there are no ties */
    uint64_t root = 0;
    for (uint64_t digit = 0x20000000000000u; digit != 0u; digit >>= 1) {
        const uint64_t step = 2u * root + digit;
        if (2u * rest >= step) {
            rest = 2u * rest - step;
            root += digit;
        } else {
            rest *= 2u;
        }
    }
    return cg_from_bits_f64(((uint64_t)(exponent / 2) << 52) + ((root + 1u) >> 1) -
                            0x10000000000000u);
#endif
}

#endif
