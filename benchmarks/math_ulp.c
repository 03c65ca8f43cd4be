/* Sweeps a float kernel of runtime_c/ over every float, or runs a double kernel over given points.
   math_ulp.py builds it: KERNEL and KERNEL_HEADER name the kernel, REFERENCE the function in
   double of the host's libm that a float kernel is judged by. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include KERNEL_HEADER
#if defined(REFERENCE_ndtri)
#include "cg_ndtri_f64.h"
#define ndtri cg_ndtri_f64
#endif

typedef struct {
    uint64_t inputs;
    uint64_t wrongly_rounded;
    uint64_t non_monotone;
    uint64_t special_wrong; /* NaN, an infinity or the sign of a zero is not the reference's */
    double max_ulp;
    uint32_t at_input;
    float previous;
} sweep_result;

#if defined(REFERENCE)
static double logistic(double x)
{
    return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x));
}

static float float_of(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The spacing of floats around `exact`, as if there were no largest exponent. */
static double unit_in_last_place(double exact)
{
    int exponent;
    (void)frexp(exact, &exponent);
    return ldexp(1, (exponent < -125 ? -125 : exponent) - 24);
}

static void judge(uint32_t bits, float got, double exact, sweep_result *result)
{
    const float nearest = (float)exact;
    result->inputs++;
    if (isnan(exact) || isnan(got) || isinf(exact)) {
        result->special_wrong += isnan(exact) ? !isnan(got) : !(got == nearest);
        return;
    }
    result->special_wrong += !signbit(got) != !signbit(nearest);
    result->wrongly_rounded += got != nearest;
    if (isinf(got) && got == nearest) {
        return;
    }
    const double value = isinf(got) ? copysign(0x1p128, (double)got) : (double)got;
    const double error = fabs(value - exact) / unit_in_last_place(exact);
    if (error > result->max_ulp) {
        result->max_ulp = error;
        result->at_input = bits;
    }
}

/* Inputs number `first` to `first + count - 1` of all floats in rising order: from the negative
   NaN over -infinity, -0, 0 and infinity to the positive NaN. */
void sweep(uint64_t first, uint64_t count, sweep_result *result)
{
    for (uint64_t i = first; i < first + count; i++) {
        const uint32_t order = (uint32_t)i;
        const uint32_t bits = order < 0x80000000u ? 0xFFFFFFFFu - order : order - 0x80000000u;
        const float x = float_of(bits);
        const float got = KERNEL(x);
        judge(bits, got, REFERENCE((double)x), result);
        result->non_monotone += got < result->previous; /* false beside a NaN */
        result->previous = got;
    }
}
#else
void evaluate(uint64_t count, const double *x, double *y)
{
    for (uint64_t i = 0; i < count; i++) {
        y[i] = KERNEL(x[i]);
    }
}
#endif
