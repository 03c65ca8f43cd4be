/* SPDX-License-Identifier: 0BSD */
#ifndef CG_BYTES_H
#define CG_BYTES_H

#include "cg_base.h"

/* Whole numbers of one to four bytes, the lowest first, at any address. */
static inline uint32_t cg_bytes_1(const uint8_t *p)
{
    return p[0];
}

static inline uint32_t cg_bytes_2(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8;
}

static inline uint32_t cg_bytes_3(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;
}

static inline uint32_t cg_bytes_4(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

#endif
