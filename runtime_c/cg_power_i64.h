/* SPDX-License-Identifier: 0BSD */
#ifndef CG_POWER_I64_H
#define CG_POWER_I64_H

#include "cg_dot_i32.h"
#include "cg_rounded_f32.h"

/* Numbers of any size as m 2^power with 2^29 <= |m| < 2^30, or m = 0. */

/* value 2^*power, cut off below 30 bits: less than 2^-29 of it is lost. */
static inline int32_t cg_mantissa_i64(int64_t value, int32_t *power)
{
    const uint64_t size = value < 0 ? 0u - (uint64_t)value : (uint64_t)value;
    uint32_t high = (uint32_t)(size >> 32);
    uint32_t low = (uint32_t)size;
    *power += 34;
    if (high == 0u) {
        high = low;
        low = 0u;
        *power -= 32;
    }
    if (high == 0u) {
        return 0;
    }
    const int32_t zeros = cg_leading_zeros_u32(high);
    if (zeros != 0) {
        high = (high << zeros) | (low >> (32 - zeros));
        *power -= zeros;
    }
    const int32_t mantissa = (int32_t)(high >> 2);
    return value < 0 ? -mantissa : mantissa;
}

/* (m 2^*power)^degree by squaring; each of at most 2 degree steps loses less than 2^-29. */
static inline int32_t cg_power_i64(int32_t m, int32_t degree, int32_t *power)
{
    int32_t result = (int32_t)1 << 29;
    int32_t of_result = -29;
    while (degree > 0) {
        if ((degree & 1) != 0) {
            of_result += *power;
            result = cg_mantissa_i64(cg_product_i32(result, m), &of_result);
        }
        degree >>= 1;
        if (degree > 0) {
            *power *= 2;
            m = cg_mantissa_i64(cg_product_i32(m, m), power);
        }
    }
    *power = of_result;
    return result;
}

static inline int64_t cg_shifted_i64(int64_t value, int32_t right)
{
    return right > 62 ? 0 : value >> right;
}

/* Adds w m 2^power to sum[0] 2^sum[1], |sum[0]| < 2^62; at most a unit of the larger power is lost. */
static inline void cg_add_product_i64(int32_t w, int32_t m, int32_t power, int64_t *sum)
{
    int64_t term = cg_product_i32(w, m);
    if (term == 0) {
        return;
    }
    const int32_t above = power - (int32_t)sum[1];
    if (above > 0) {
        sum[0] = cg_shifted_i64(sum[0], above);
        sum[1] = power;
    } else {
        term = cg_shifted_i64(term, -above);
    }
    sum[0] += term;
    if ((((uint64_t)sum[0] + ((uint64_t)1 << 62)) >> 63) != 0u) {
        sum[0] >>= 1;
        sum[1]++;
    }
}

/* Adds column of w (n_out, n_in) times m 2^power to n_out sums. */
static inline void cg_add_power_column_i64(const int32_t *w, int32_t n_out, int32_t n_in,
                                           int32_t column, int32_t m, int32_t power, int64_t *sum)
{
    for (int32_t i = 0; i < n_out; i++) {
        cg_add_product_i64(w[i * n_in + column], m, power, sum + 2 * i);
    }
}

/* Adds the share of one support vector of class `own` to the sums of all pairs of classes
   (0,1), (0,2) .. (1,2) ..; dual: that vector's n_classes - 1 coefficients. */
static inline void cg_add_power_pairs_i64(const int32_t *dual, int32_t n_classes, int32_t own,
                                          int32_t m, int32_t power, int64_t *sum)
{
    int32_t pair = own - 1;
    for (int32_t step = n_classes - 2; step > n_classes - 2 - own; step--) {
        cg_add_product_i64(*dual++, m, power, sum + 2 * pair);
        pair += step;
    }
    for (int32_t other = own + 1; other < n_classes; other++) {
        cg_add_product_i64(*dual++, m, power, sum + 2 * ++pair);
    }
}

#endif
