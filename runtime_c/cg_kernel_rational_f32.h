/* SPDX-License-Identifier: 0BSD */
#ifndef CG_KERNEL_RATIONAL_F32_H
#define CG_KERNEL_RATIONAL_F32_H

#include "cg_exp_f32.h"
#include "cg_log_f32.h"
#include "cg_squared_distance_f32.h"

/* (1 + gamma |x - v|^2) to the power -alpha, over n features. */
static inline float cg_kernel_rational_f32(float gamma, float alpha, const float *v, int32_t n,
                                           const float *x)
{
    return cg_exp_f32(-alpha * cg_log_f32(1.0f + gamma * cg_squared_distance_f32(v, n, x)));
}

#endif
