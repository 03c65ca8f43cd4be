/* Small functions of each kind that exported C is made of; each faulty one breaks one rule. */
#include <stdint.h>

static const float weights[8] = {0.5f, -1.25f, 3.0f, 0.1f, -7.5f, 2.25f, 1e-3f, 4096.0f};
static const int32_t squares[5] = {0, 1, 4, 9, 16};

int32_t add(int32_t a, int32_t b)
{
    return a + b;
}

float dot(const float x[8])
{
    float sum = 0.0f;
    int32_t i;
    for (i = 0; i < 8; i++) {
        sum += weights[i] * x[i];
    }
    return sum;
}

double dot_double(const double x[8])
{
    double sum = 0.0;
    int32_t i;
    for (i = 0; i < 8; i++) {
        sum += (double)weights[i] * x[i];
    }
    return sum;
}

int32_t sum_to(const int16_t x[], int32_t n)
{
    int32_t sum = 0;
    int32_t i;
    for (i = 0; i < n; i++) {
        sum += x[i] > 0 ? squares[x[i] % 5] : x[i];
    }
    return sum;
}

float divide(const float x[2])
{
    return x[0] / x[1];
}

int32_t divide_integers(int32_t a, int32_t b)
{
    return a / b;
}

__attribute__((noinline)) static void scale(const float *x, float factor, float *y)
{
    int32_t i;
    for (i = 0; i < 8; i++) {
        y[i] = x[i] * factor;
    }
}

__attribute__((noinline)) static float largest(const float *x)
{
    float scaled[8];
    float best;
    int32_t i;
    scale(x, 3.0f, scaled);
    best = scaled[0];
    for (i = 1; i < 8; i++) {
        if (scaled[i] > best) {
            best = scaled[i];
        }
    }
    return best;
}

void nested(const float x[8], float y[8], double ratio[1])
{
    float best = largest(x);
    scale(x, 1.0f / best, y);
    ratio[0] = (double)best / (double)x[0];
}

void writes_past_end(float y[2])
{
    volatile float *out = y;
    out[2] = 1.0f;
}

void writes_before_start(float y[2])
{
    volatile float *out = y;
    out[-1] = 1.0f;
}

float reads_past_end(const float x[2])
{
    const volatile float *in = x;
    return in[2];
}

void writes_input(const float x[2])
{
    volatile float *in = (volatile float *)x;
    in[0] = 1.0f;
}

void writes_flash(void)
{
    volatile int32_t *table = (volatile int32_t *)&squares[1];
    *table = 5;
}

int32_t reads_misaligned(const int8_t x[8])
{
    return *(const volatile int32_t *)(const volatile void *)(x + 1);
}

int32_t reads_null(int32_t zero)
{
    return *(volatile int32_t *)(intptr_t)zero;
}

void never_returns(void)
{
    volatile int32_t forever = 1;
    while (forever) {
    }
}
