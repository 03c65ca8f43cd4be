/* SPDX-License-Identifier: 0BSD */
#ifndef CG_WHOLE_DISTANCE_F32_H
#define CG_WHOLE_DISTANCE_F32_H

#include "cg_block_f32.h"
#include "cg_dots_i32.h"
#include "cg_rounded_f32.h"

/* y[i] = |x - centre i|^2 as |x|^2 + |c|^2 - 2 c.x in whole numbers, where nothing cancels: x and
   the centres (n_out, n_in) in units of 2^(top - 157), squares[i] = |centre i|^2. An x that takes
   more than 31 - spare bits, at least twice any centre, is counted in units 2^coarser times as large.
   zeros: n_in of them. q: n_in values of scratch. x and y must not overlap. */
static inline void cg_whole_distance_f32(const int32_t *centres, const int64_t *squares,
                                         const int8_t *zeros, int32_t top, int32_t spare,
                                         int32_t n_out, int32_t n_in, const float *x, int32_t *q,
                                         float *y)
{
    const int32_t coarser = cg_block_f32(zeros, top - spare, spare, n_in, x, q) - top;
    const int32_t once = coarser > 62 ? 62 : coarser;
    const int32_t twice = coarser > 31 ? 62 : 2 * coarser;
    const int64_t square = cg_dot_i32(q, q, n_in);
    int64_t product[CG_DOTS];
    for (int32_t i = 0; i < n_out; i++) {
        if (i % CG_DOTS == 0) {
            cg_dots_i32(centres + i * n_in, q, n_in, n_out - i, product);
        }
        const int64_t d2 = square + (squares[i] >> twice) - (2 * product[i % CG_DOTS] >> once);
        y[i] = cg_rounded_f32(d2, 2 * (top + coarser - 157));
    }
}

#endif
