/* SPDX-License-Identifier: 0BSD */
#ifndef CG_FACTORS_START_F32_H
#define CG_FACTORS_START_F32_H

#include "cg_factors_f64.h"

/* w (n) = sqrt(mean(x) / n), x (n_in): where multiplication starts from. */
static inline void cg_factors_start_f32(int32_t n, int32_t n_in, const float *x, double *w)
{
    double mean = 0.0;
    for (int32_t j = 0; j < n_in; j++) {
        mean += (double)x[j];
    }
    for (int32_t i = 0; i < n; i++) {
        w[i] = cg_root_f64(mean / (double)n_in / (double)n);
    }
}

#endif
