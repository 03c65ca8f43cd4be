/* SPDX-License-Identifier: 0BSD
 *
 * Text from numbers, without a C library: the same text on every core. Written by edge-codegen.
 */
#ifndef PRINT_H
#define PRINT_H

#include <stdint.h>

void print_text(const char *text);
void print_integer(int32_t value);

/* Eight hexadecimal digits. */
void print_hex(uint32_t value);

/* A float or a double by its bits: six decimal digits, then all bits in brackets. */
void print_f32(uint32_t bits);
void print_f64(uint64_t bits);

/* End the line, and show it. */
void print_end(void);

#endif
