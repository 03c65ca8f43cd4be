/* SPDX-License-Identifier: 0BSD */
#ifndef CG_PIECES_F32_H
#define CG_PIECES_F32_H

#include "cg_base.h"

/* For each of n_in numbers x[j] the values of n_out functions, one behind the other. index[j] names
   one of column j's counts[j] rows: an origin, a scale and n_pieces polynomials of
   t = (x[j] - origin) * scale with `degree` + 1 coefficients each, the highest power first. They
   add to the functions number first[row], first[row] + 1, .. modulo n_out; all others are 0.
   Without a row all are `other`. */
static inline void cg_pieces_f32(const uint16_t *counts, const uint16_t *first, const float *values,
                                 int32_t n_in, int32_t n_pieces, int32_t degree, int32_t n_out,
                                 float other, const int32_t *index, const float *x, float *y)
{
    const int32_t width = 2 + n_pieces * (degree + 1);
    for (int32_t j = 0; j < n_in; j++) {
        const int32_t row = index[j];
        const int32_t known = row >= 0 && row < counts[j];
        for (int32_t k = 0; k < n_out; k++) {
            y[k] = known ? 0.0f : other;
        }
        if (known) {
            const float *c = values + row * width;
            const float t = (x[j] - c[0]) * c[1];
            int32_t at = first[row];
            c += 2;
            for (int32_t k = 0; k < n_pieces; k++) {
                float value = *c++;
                for (int32_t d = 0; d < degree; d++) {
                    value = value * t + *c++;
                }
                y[at] += value;
                at = at + 1 < n_out ? at + 1 : 0;
            }
        }
        values += counts[j] * width;
        first += counts[j];
        y += n_out;
    }
}

#endif
