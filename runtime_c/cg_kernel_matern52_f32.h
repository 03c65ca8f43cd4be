/* SPDX-License-Identifier: 0BSD */
#ifndef CG_KERNEL_MATERN52_F32_H
#define CG_KERNEL_MATERN52_F32_H

#include "cg_exp_f32.h"
#include "cg_sqrt_f32.h"
#include "cg_squared_distance_f32.h"

/* (1 + t + t^2 / 3) exp(-t), t = sqrt(gamma) |x - v| over n features. */
static inline float cg_kernel_matern52_f32(float gamma, const float *v, int32_t n, const float *x)
{
    const float t = cg_sqrt_f32(gamma * cg_squared_distance_f32(v, n, x));
    return (1.0f + t + t * t / 3.0f) * cg_exp_f32(-t);
}

#endif
