/* SPDX-License-Identifier: 0BSD */
#ifndef CG_ASCII_H
#define CG_ASCII_H

#include "cg_base.h"

/* 1 where a text is ASCII, else 0. */
static inline int32_t cg_ascii(const char *text, int32_t length)
{
    for (int32_t i = 0; i < length; i++) {
        if ((uint8_t)text[i] > 127) {
            return 0;
        }
    }
    return 1;
}

#endif
