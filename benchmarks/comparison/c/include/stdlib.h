/* Declarations that a freestanding compiler lacks. */
#ifndef BENCHMARK_STDLIB_H
#define BENCHMARK_STDLIB_H

#include <stddef.h>

int abs(int x);

#endif
