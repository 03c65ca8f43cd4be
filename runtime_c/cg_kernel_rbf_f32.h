/* SPDX-License-Identifier: 0BSD */
#ifndef CG_KERNEL_RBF_F32_H
#define CG_KERNEL_RBF_F32_H

#include "cg_exp_f32.h"
#include "cg_squared_distance_f32.h"

/* exp(-gamma |x - v|^2) over n features. */
static inline float cg_kernel_rbf_f32(float gamma, const float *v, int32_t n, const float *x)
{
    return cg_exp_f32(-gamma * cg_squared_distance_f32(v, n, x));
}

#endif
