/* SPDX-License-Identifier: 0BSD */
/* The arithmetic of cg_block_affine_f32 on registers of rows: multiplying by a power of two and
   rounding to a whole number gives what its shifts give. Needs lanes.h, of float. */
#ifndef HOST_BLOCK_H
#define HOST_BLOCK_H

typedef int64_t host_longs __attribute__((vector_size(64)));

/* Sums of products: those of the even lanes, and those of the odd ones. */
typedef struct {
    host_longs even;
    host_longs odd;
} host_sum;

static inline host_mask host_most(host_mask a, host_mask b)
{
    const host_mask ahead = a > b;
    return (a & ahead) | (b & ~ahead);
}

/* 2^power, for powers from -126 to 127. */
static inline host_lanes host_power(host_mask power)
{
    return (host_lanes)((power + 127) << 23);
}

/* The nearest whole numbers, halves away from zero: 0.5 less its last bit never reaches too far. */
static inline host_mask host_whole_of(host_lanes x)
{
    const host_mask half = ((host_mask)x & INT32_MIN) | 0x3effffff;
    return __builtin_convertvector(x + (host_lanes)half, host_mask);
}

static inline host_sum host_dot(host_sum sum, int64_t weight, host_mask q)
{
    const host_longs pair = (host_longs)q;
    sum.even += ((pair << 32) >> 32) * weight;
    sum.odd += (pair >> 32) * weight;
    return sum;
}

/* y = sum 2^power, rounded once as the sum becomes a float: a whole number times the power of a
   normal float is normal, or 0, or beyond the largest. sure is 0 for other powers. */
static inline void host_rounded(host_sum sum, host_mask power, host_mask sure, float *y,
                                int32_t *known)
{
    typedef float halves __attribute__((vector_size(32)));
    typedef float values __attribute__((vector_size(64), aligned(4), may_alias));
    typedef int32_t flags __attribute__((vector_size(64), aligned(4), may_alias));
    const halves even = __builtin_convertvector(sum.even, halves);
    const halves odd = __builtin_convertvector(sum.odd, halves);
    const host_lanes value =
        HOST_PAIR(even, odd, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
    *(values *)y = value * host_power(power);
    *(flags *)known = sure & (power >= -126) & (power <= 127);
}

#endif
