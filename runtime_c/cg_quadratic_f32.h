/* SPDX-License-Identifier: 0BSD */
#ifndef CG_QUADRATIC_F32_H
#define CG_QUADRATIC_F32_H

#include "cg_rounded_f32.h"

/* x / 2^unit, rounded to a whole number; 2^62 with the sign of x if it is larger, or NaN. */
static inline int64_t cg_units_f32(float x, int32_t unit)
{
    const uint32_t bits = cg_bits_f32(x);
    const int32_t biased = (int32_t)((bits >> 23) & 255u);
    const int32_t shift = (biased == 0 ? 1 : biased) - 150 - unit;
    int64_t size = (int64_t)((bits & 0x7fffffu) | (biased == 0 ? 0u : 0x800000u));
    if (size == 0 || shift < -25) {
        return 0;
    }
    if (shift > 38) {
        size = (int64_t)1 << 62;
    } else if (shift >= 0) {
        size <<= shift;
    } else {
        size = ((size >> (-shift - 1)) + 1) >> 1;
    }
    return (bits >> 31) != 0u ? -size : size;
}

static inline uint64_t cg_shifted_u64(uint64_t value, int32_t right)
{
    return right > 63 ? 0u : value >> right;
}

/* Adds difference^2 weight 2^(power - 32) to sum[0] 2^sum[1], where 0 <= sum[0] < 2^63. */
static inline void cg_add_square_i64(int64_t difference, int32_t weight, int32_t power,
                                     int64_t *sum)
{
    uint64_t size = difference < 0 ? 0u - (uint64_t)difference : (uint64_t)difference;
    while ((size >> 32) != 0u) {
        size >>= 1;
        power += 2;
    }
    const uint64_t square = size * size;
    const uint64_t low = (square & 0xffffffffu) * (uint64_t)(uint32_t)weight;
    uint64_t term = low;
    if ((square >> 32) == 0u) {
        power -= 32;
    } else {
        term = (square >> 32) * (uint64_t)(uint32_t)weight + (low >> 32);
    }
    uint64_t total = (uint64_t)sum[0];
    const int32_t right = power - (int32_t)sum[1];
    if (right > 0) {
        total = cg_shifted_u64(total, right);
        sum[1] = power;
    } else {
        term = cg_shifted_u64(term, -right);
    }
    total += term;
    if ((total >> 63) != 0u) {
        total >>= 1;
        sum[1]++;
    }
    sum[0] = (int64_t)total;
}

/* a - b in units of 2^*power, the larger power of both sums. */
static inline int64_t cg_lead_i64(const int64_t *a, const int64_t *b, int32_t *power)
{
    *power = (int32_t)(a[1] > b[1] ? a[1] : b[1]);
    return (int64_t)(cg_shifted_u64((uint64_t)a[0], *power - (int32_t)a[1]) -
                     cg_shifted_u64((uint64_t)b[0], *power - (int32_t)b[1]));
}

/* The sums s_k = sum_j w_kj (x_j - m_kj)^2 - c_k + the largest c, as sum[2 k] 2^sum[2 k + 1], and
   the first index of the least of them. Feature j is counted in units of 2^unit[j] from base[j] on;
   the tables of m and w (as weight 2^(power - 32)) are (n_in, n_out) row by row; start[k] is the
   largest c less c_k in units of 2^-40. */
static inline int32_t cg_quadratic_sums_f32(const int16_t *unit, const int64_t *base,
                                            const int32_t *centre, const int32_t *weight,
                                            const int8_t *power, const int64_t *start,
                                            int32_t n_out, int32_t n_in, const float *x,
                                            int64_t *sum)
{
    int32_t at = 0;
    int32_t best = 0;
    int32_t lead_power = 0;
    for (int32_t k = 0; k < n_out; k++) {
        sum[2 * k] = start[k];
        sum[2 * k + 1] = -40;
    }
    for (int32_t j = 0; j < n_in; j++) {
        const int64_t value = cg_units_f32(x[j], unit[j]) - base[j];
        for (int32_t k = 0; k < n_out; k++) {
            cg_add_square_i64(value - centre[at], weight[at], power[at], sum + 2 * k);
            at++;
        }
    }
    for (int32_t k = 1; k < n_out; k++) {
        if (cg_lead_i64(sum + 2 * k, sum + 2 * best, &lead_power) < 0) {
            best = k;
        }
    }
    return best;
}

/* y_k = s_best - s_k: the value of each class less the largest, see cg_quadratic_sums_f32. */
static inline void cg_quadratic_f32(const int16_t *unit, const int64_t *base, const int32_t *centre,
                                    const int32_t *weight, const int8_t *power,
                                    const int64_t *start, int32_t n_out, int32_t n_in,
                                    const float *x, int64_t *sum, float *y)
{
    const int32_t best = cg_quadratic_sums_f32(unit, base, centre, weight, power, start, n_out,
                                               n_in, x, sum);
    int32_t power_of_lead = 0;
    for (int32_t k = 0; k < n_out; k++) {
        const int64_t lead = cg_lead_i64(sum + 2 * best, sum + 2 * k, &power_of_lead);
        y[k] = cg_rounded_f32(lead, power_of_lead);
    }
}

#endif
