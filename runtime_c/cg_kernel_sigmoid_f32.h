/* SPDX-License-Identifier: 0BSD */
#ifndef CG_KERNEL_SIGMOID_F32_H
#define CG_KERNEL_SIGMOID_F32_H

#include "cg_dot_f32.h"
#include "cg_tanh_f32.h"

/* tanh(gamma x.v + coef0) over n features. */
static inline float cg_kernel_sigmoid_f32(float gamma, float coef0, const float *v, int32_t n,
                                          const float *x)
{
    return cg_tanh_f32(gamma * cg_dot_f32(v, n, x) + coef0);
}

#endif
