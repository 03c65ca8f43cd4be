/* SPDX-License-Identifier: 0BSD */
#ifndef CG_INTERPOLATE_F32_H
#define CG_INTERPOLATE_F32_H

#include "cg_base.h"

/* The value at x of the straight lines through the points (knots[i], values[i]), knots in order;
   the end values beyond the ends; of equal knots the last but one has the value there. NaN stays
   NaN. */
static inline float cg_on_line_f32(const float *knots, const float *values, int32_t n_knots,
                                   float x)
{
    int32_t low = 0;
    int32_t high = n_knots;
    if (!(x > knots[0])) {
        return x <= knots[0] ? values[0] : x;
    }
    if (x >= knots[n_knots - 1]) {
        return values[n_knots - 1];
    }
    while (high - low > 1) {
        const int32_t middle = low + (high - low) / 2;
        if (knots[middle] <= x) {
            low = middle;
        } else {
            high = middle;
        }
    }
    if (low > 0 && knots[low - 1] == x) {
        return values[low - 1];
    }
    return values[low] +
           (values[high] - values[low]) * ((x - knots[low]) / (knots[high] - knots[low]));
}

/* The same for each of n values. x and y may be the same array. */
static inline void cg_interpolate_f32(const float *knots, const float *values, int32_t n_knots,
                                      int32_t n, const float *x, float *y)
{
    for (int32_t i = 0; i < n; i++) {
        y[i] = cg_on_line_f32(knots, values, n_knots, x[i]);
    }
}

#endif
