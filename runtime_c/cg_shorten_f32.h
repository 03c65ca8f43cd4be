/* SPDX-License-Identifier: 0BSD */
#ifndef CG_SHORTEN_F32_H
#define CG_SHORTEN_F32_H

#include "cg_base.h"

/* way[i] = min(way[i], distance + length of the way from row `from` to row i), for n rows. lengths:
   those of rows 1, 2 .. with all rows before them. */
static inline void cg_shorten_f32(const float *lengths, int32_t from, float distance, int32_t n,
                                  float *way)
{
    for (int32_t i = 0; i < n; i++) {
        const int32_t high = i < from ? from : i;
        const int32_t low = i < from ? i : from;
        const float length = high == low ? 0.0f : lengths[high * (high - 1) / 2 + low];
        way[i] = distance + length < way[i] ? distance + length : way[i];
    }
}

#endif
