/* SPDX-License-Identifier: 0BSD */
#ifndef CG_LOG_COUNT_F32_H
#define CG_LOG_COUNT_F32_H

#include "cg_log_f32.h"

/* log x; -1 for a count of 0, so that 1 + it is 0. */
static inline float cg_log_count_f32(float x)
{
    return x == 0.0f ? -1.0f : cg_log_f32(x);
}

#endif
