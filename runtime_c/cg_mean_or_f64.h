/* SPDX-License-Identifier: 0BSD */
#ifndef CG_MEAN_OR_F64_H
#define CG_MEAN_OR_F64_H

#include "cg_bits_f64.h"
#include "cg_quotient_f64.h"

/* y = y / total; where the total is 0, none, or NaN where none is NULL. */
static inline void cg_mean_or_f64(double total, const double *none, int32_t n, double *y)
{
    for (int32_t j = 0; j < n; j++) {
        if (total > 0.0) {
            y[j] = cg_quotient_f64(y[j], total);
        } else {
            y[j] = none == NULL ? cg_from_bits_f64(0x7ff8000000000000u) : none[j];
        }
    }
}

#endif
