/* SPDX-License-Identifier: 0BSD */
#ifndef CG_KERNEL_POLY_F32_H
#define CG_KERNEL_POLY_F32_H

#include "cg_dot_f32.h"
#include "cg_power_f32.h"

/* (gamma x.v + coef0) ^ degree over n features. */
static inline float cg_kernel_poly_f32(float gamma, float coef0, int32_t degree, const float *v,
                                       int32_t n, const float *x)
{
    return cg_power_f32(gamma * cg_dot_f32(v, n, x) + coef0, degree);
}

#endif
