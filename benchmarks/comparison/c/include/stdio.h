/* Declarations that a freestanding compiler lacks; nothing that is measured prints. */
#ifndef BENCHMARK_STDIO_H
#define BENCHMARK_STDIO_H

#include <stddef.h>

typedef struct benchmark_file FILE;
extern FILE *stderr;
int fprintf(FILE *stream, const char *format, ...);
int printf(const char *format, ...);

#endif
