/* SPDX-License-Identifier: 0BSD */
#ifndef CG_DONORS_F32_H
#define CG_DONORS_F32_H

#include "cg_quotient_f32.h"

/* The mean of (x - row)^2 over the columns that both have, -1 where there is none: a row that has no
   value holds `gap` there, x holds NaN. */
static inline float cg_gap_distance_f32(const float *row, float gap, int32_t n, const float *x)
{
    float sum = 0.0f;
    int32_t common = 0;
    for (int32_t j = 0; j < n; j++) {
        if (row[j] != gap && x[j] == x[j]) {
            const float difference = x[j] - row[j];
            sum += difference * difference;
            common++;
        }
    }
    return common == 0 ? -1.0f : cg_quotient_f32(sum, (float)common);
}

/* How many rows, at most k, can give column j of x, (n_rows, n) row by row: those that have it and a
   column of x. The nearest first, of equals the first: their distances, and the values they give. */
static inline int32_t cg_donors_f32(const float *rows, float gap, int32_t n_rows, int32_t n,
                                    int32_t j, int32_t k, const float *x, float *least, float *given)
{
    int32_t count = 0;
    for (int32_t i = 0; i < n_rows; i++) {
        const float *row = rows + i * n;
        const float distance = row[j] == gap ? -1.0f : cg_gap_distance_f32(row, gap, n, x);
        if (distance < 0.0f || (count == k && !(distance < least[k - 1]))) {
            continue;
        }
        int32_t at = count < k ? count : k - 1;
        while (at > 0 && distance < least[at - 1]) {
            least[at] = least[at - 1];
            given[at] = given[at - 1];
            at--;
        }
        least[at] = distance;
        given[at] = row[j];
        count = count < k ? count + 1 : k;
    }
    return count;
}

#endif
