/* SPDX-License-Identifier: 0BSD
 *
 * What the program says to the world outside: text, and how it ended. Written by edge-codegen.
 */
#ifndef SEMIHOSTING_H
#define SEMIHOSTING_H

#include <stdint.h>

/* Show text, which ends with a zero byte. */
void semihosting_write(const char *text);

/* End the program: 0 is good. Does not return. */
void semihosting_exit(int32_t code);

#endif
