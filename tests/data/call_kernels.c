/* The kernels of runtime_c/ as functions that a library exports, for tests/test_runtime_c.py.
   The headers are included by the command line, for float or for DOUBLE. */
#include <stdint.h>

#ifdef DOUBLE
typedef double real;
#define K(name) cg_##name##_f64
#else
typedef float real;
#define K(name) cg_##name##_f32
#endif

#define EXPORT(name, parameters, arguments) \
    void call_##name parameters;            \
    void call_##name parameters             \
    {                                       \
        K(name) arguments;                  \
    }

#define EXPORT_REAL(name, parameters, arguments) \
    real call_##name parameters;                 \
    real call_##name parameters                  \
    {                                            \
        return K(name) arguments;                \
    }

#define EXPORT_INDEX(name, parameters, arguments) \
    int32_t call_##name parameters;               \
    int32_t call_##name parameters                \
    {                                             \
        return K(name) arguments;                 \
    }

EXPORT(add, (const real *b, int32_t n, const real *x, real *y), (b, n, x, y))
EXPORT(subtract, (const real *b, int32_t n, const real *x, real *y), (b, n, x, y))
EXPORT(multiply, (const real *b, int32_t n, const real *x, real *y), (b, n, x, y))
EXPORT(divide, (const real *b, int32_t n, const real *x, real *y), (b, n, x, y))
EXPORT(clip, (real low, real high, int32_t n, const real *x, real *y), (low, high, n, x, y))
EXPORT(copy, (int32_t n, const real *x, real *y), (n, x, y))
EXPORT(gather, (const uint16_t *index, int32_t n, const real *x, real *y), (index, n, x, y))
EXPORT(centre, (const real *high, const real *low, int32_t n, const real *x, real *y),
       (high, low, n, x, y))
EXPORT(impute_nan, (const real *fill, int32_t n, const real *x, real *y), (fill, n, x, y))
EXPORT(impute_value, (real missing, const real *fill, int32_t n, const real *x, real *y),
       (missing, fill, n, x, y))
EXPORT_INDEX(finite, (int32_t n, const real *x), (n, x))
EXPORT_INDEX(not_infinite, (int32_t n, const real *x), (n, x))
EXPORT_INDEX(argmax, (int32_t n, const real *x), (n, x))
EXPORT_INDEX(argmin, (int32_t n, const real *x), (n, x))
EXPORT(normalize_l1, (int32_t n, const real *x, real *y), (n, x, y))
EXPORT(normalize_l2, (int32_t n, const real *x, real *y), (n, x, y))
EXPORT(normalize_max, (int32_t n, const real *x, real *y), (n, x, y))
EXPORT(normalize_sum, (real none, int32_t n, const real *x, real *y), (none, n, x, y))
EXPORT(monomials, (const uint8_t *powers, int32_t n_out, int32_t n_in, const real *x, real *y),
       (powers, n_out, n_in, x, y))
EXPORT_REAL(monomial, (const uint8_t *power, int32_t n, const real *x), (power, n, x))
EXPORT_REAL(power, (real x, int32_t power), (x, power))
EXPORT_REAL(quotient, (real a, real b), (a, b))
EXPORT_REAL(dot, (const real *w, int32_t n, const real *x), (w, n, x))
EXPORT_REAL(squared_distance, (const real *w, int32_t n, const real *x), (w, n, x))
EXPORT(distance, (const real *centres, int32_t n_out, int32_t n_in, const real *x, real *y),
       (centres, n_out, n_in, x, y))
EXPORT_INDEX(nearest, (const real *centres, int32_t n_centres, int32_t n_in, const real *x),
             (centres, n_centres, n_in, x))
EXPORT_REAL(kernel_rbf, (real gamma, const real *v, int32_t n, const real *x), (gamma, v, n, x))
EXPORT_REAL(kernel_poly,
            (real gamma, real coef0, int32_t degree, const real *v, int32_t n, const real *x),
            (gamma, coef0, degree, v, n, x))
EXPORT_REAL(kernel_sigmoid, (real gamma, real coef0, const real *v, int32_t n, const real *x),
            (gamma, coef0, v, n, x))
EXPORT(add_column,
       (const real *w, int32_t n_out, int32_t n_in, int32_t column, real value, real *y, real *e),
       (w, n_out, n_in, column, value, y, e))
EXPORT(add_pairs,
       (const real *dual, int32_t n_vectors, int32_t n_classes, int32_t own, real value, real *y,
        real *e),
       (dual, n_vectors, n_classes, own, value, y, e))
EXPORT(pairwise_votes, (int32_t n_classes, const real *x, real *y), (n_classes, x, y))
EXPORT(pairwise_scores, (int32_t n_classes, const real *x, real *y), (n_classes, x, y))
EXPORT(pairwise_coupling, (int32_t n_classes, const real *r, real *q, real *p),
       (n_classes, r, q, p))

#ifdef DOUBLE
EXPORT(round32, (int32_t n, const double *x, double *y), (n, x, y))
EXPORT(affine,
       (const double *w, const double *b, int32_t n_out, int32_t n_in, const double *x, double *y),
       (w, b, n_out, n_in, x, y))
#else
EXPORT_REAL(rounded, (int64_t value, int32_t power), (value, power))
EXPORT(affine,
       (const int32_t *weight, const int8_t *power, int32_t spare, int32_t n_out, int32_t n_in,
        const float *x, float *y),
       (weight, power, spare, n_out, n_in, x, y))

void call_exact_add(int32_t n, const uint64_t *a, const uint64_t *b, uint64_t *y);
void call_exact_add(int32_t n, const uint64_t *a, const uint64_t *b, uint64_t *y)
{
    for (int32_t i = 0; i < n; i++) {
        y[i] = cg_exact_add(a[i], b[i]);
    }
}

void call_exact_divide(int32_t n, const uint64_t *a, const uint32_t *b, uint64_t *y);
void call_exact_divide(int32_t n, const uint64_t *a, const uint32_t *b, uint64_t *y)
{
    for (int32_t i = 0; i < n; i++) {
        y[i] = cg_exact_divide(a[i], b[i]);
    }
}

void call_keys_f32(const uint16_t *feature, int32_t n, const float *x, int32_t *key);
void call_keys_f32(const uint16_t *feature, int32_t n, const float *x, int32_t *key)
{
    cg_keys_f32(feature, n, x, key);
}

void call_goes_left(int32_t n, const float *x, const int32_t *key, uint32_t missing, int32_t *y);
void call_goes_left(int32_t n, const float *x, const int32_t *key, uint32_t missing, int32_t *y)
{
    for (int32_t i = 0; i < n; i++) {
        y[i] = cg_goes_left(x[i], key[i], missing);
    }
}
#endif
