/* The functions of a C library's <math.h> that zig's runtime library lacks, for tools that call
   them. What is linked is counted as the tool's. */
#include "math.h"

/* tanh(x) = 1 - 2 / (exp(2x) + 1); below 2^-6 the odd series, which does not cancel. */
float tanhf(float x)
{
    if (x > -0.015625f && x < 0.015625f) {
        return x - x * x * x * (1.0f / 3.0f);
    }
    return 1.0f - 2.0f / (expf(2.0f * x) + 1.0f);
}
