/* SPDX-License-Identifier: 0BSD */
#ifndef CG_RBF_I32_H
#define CG_RBF_I32_H

#include "cg_mul_high_u32.h"

/* 2^30 exp(-gamma d2) where 2^26 gamma d2 / ln 2 = (d2 >> shift) factor / 2^32; d2 >= 0. Below 2^-30
   it is 0. Error: 2^-25 of the value, and 2^-30. With t = n + 1 - f the whole and the rest
   of gamma d2 / ln 2, it is 2^-n 2^f / 2; 2^f by the polynomial of cg_exp_f32. */
static inline int32_t cg_rbf_i32(int64_t d2, int32_t shift, uint32_t factor)
{
    const uint64_t size = (uint64_t)d2 >> shift;
    if ((size >> 32) != 0u) {
        return 0;
    }
    const uint32_t t = cg_mul_high_u32((uint32_t)size, factor);
    const uint32_t n = t >> 26;
    if (n > 29u) {
        return 0;
    }
    const uint32_t f = ~(t << 6);
    uint32_t p = 0x00518000u + cg_mul_high_u32(f, 0x000E4000u);
    p = 0x027A444Cu + cg_mul_high_u32(f, p);
    p = 0x0E3439C0u + cg_mul_high_u32(f, p);
    p = 0x3D7FAC2Au + cg_mul_high_u32(f, p);
    p = 0xB17215CAu + cg_mul_high_u32(f, p);
    const uint32_t value = 0x40000000u | (cg_mul_high_u32(f, p) >> 2);
    return (int32_t)(value >> (n + 1u));
}

#endif
