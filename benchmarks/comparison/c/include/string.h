/* Declarations that a freestanding compiler lacks; zig's runtime library defines them. */
#ifndef BENCHMARK_STRING_H
#define BENCHMARK_STRING_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
void *memcpy(void *to, const void *from, size_t count);
void *memmove(void *to, const void *from, size_t count);
void *memset(void *to, int value, size_t count);
#ifdef __cplusplus
}
#endif

#endif
