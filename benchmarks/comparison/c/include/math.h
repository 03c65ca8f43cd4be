/* Declarations that a freestanding compiler lacks; zig's runtime library defines most of them. */
#ifndef BENCHMARK_MATH_H
#define BENCHMARK_MATH_H

#ifdef __cplusplus
extern "C" {
#endif
double exp(double x);
double fabs(double x);
double log(double x);
double pow(double x, double y);
double sqrt(double x);
float expf(float x);
float fabsf(float x);
float logf(float x);
float powf(float x, float y);
float sqrtf(float x);
float tanhf(float x);
double tanh(double x);
#ifdef __cplusplus
}
#endif

#define NAN __builtin_nanf("")
#define INFINITY __builtin_inff()
#define isnan(x) __builtin_isnan(x)

#endif
