/* The whole-number kernels of runtime_c/ as functions that a library or an image exports, for
   tests/test_whole_numbers.py. */
#include "cg_add_column_i64.h"
#include "cg_add_pairs_i64.h"
#include "cg_block_affine_f32.h"
#include "cg_block_argmax_f32.h"
#include "cg_block_columns_f32.h"
#include "cg_block_layer_f32.h"
#include "cg_dot_u8.h"
#include "cg_dots_i32.h"
#include "cg_fixed_f32.h"
#include "cg_power_i64.h"
#include "cg_rbf_i32.h"
#include "cg_scaled_f32.h"
#include "cg_whole_distance_f32.h"

void dot_i32(const int32_t *w, const int32_t *q, const int32_t *n, int64_t *sum);
void dot_i32(const int32_t *w, const int32_t *q, const int32_t *n, int64_t *sum)
{
    *sum = cg_dot_i32(w, q, *n);
}

void dots_i32(const int32_t *w, const int32_t *q, const int32_t *sizes, int64_t *sums);
void dots_i32(const int32_t *w, const int32_t *q, const int32_t *sizes, int64_t *sums)
{
    const int32_t n = sizes[0];
    int64_t sum[CG_DOTS];
    for (int32_t i = 0; i < sizes[1]; i++) {
        if (i % CG_DOTS == 0) {
            cg_dots_i32(w + i * n, q, n, sizes[1] - i, sum);
        }
        sums[i] = sum[i % CG_DOTS];
    }
}

void dot_u8(const uint8_t *w, const int32_t *q, const int32_t *n, int64_t *sum);
void dot_u8(const uint8_t *w, const int32_t *q, const int32_t *n, int64_t *sum)
{
    *sum = cg_dot_u8(w, q, *n);
}

void block(const int8_t *power, const int32_t *sizes, const float *x, int32_t *q);
void block(const int8_t *power, const int32_t *sizes, const float *x, int32_t *q)
{
    const int32_t n = sizes[0];
    q[n + 1] = cg_block_columns_f32(power, sizes[1], n, x, q);
}

void fixed(const int32_t *sizes, const float *x, int32_t *q);
void fixed(const int32_t *sizes, const float *x, int32_t *q)
{
    const int32_t n = sizes[0];
    q[n] = cg_fixed_f32(sizes[1], sizes[2], n, x, q);
}

void rbf(const int64_t *d2, const uint32_t *slope, const int32_t *n, int32_t *value);
void rbf(const int64_t *d2, const uint32_t *slope, const int32_t *n, int32_t *value)
{
    for (int32_t i = 0; i < *n; i++) {
        value[i] = cg_rbf_i32(d2[i], (int32_t)slope[0], slope[1]);
    }
}

void scaled(const int32_t *value, const float *factor, const int32_t *n, float *y);
void scaled(const int32_t *value, const float *factor, const int32_t *n, float *y)
{
    for (int32_t i = 0; i < *n; i++) {
        y[i] = cg_scaled_f32(value[i], factor[i]);
    }
}

void powers(const int64_t *base, const int32_t *degree, int32_t *mantissa, int32_t *power);
void powers(const int64_t *base, const int32_t *degree, int32_t *mantissa, int32_t *power)
{
    *mantissa = cg_power_i64(cg_mantissa_i64(*base, power), *degree, power);
}

void product(const int32_t *factors, const int32_t *power, int64_t *sum);
void product(const int32_t *factors, const int32_t *power, int64_t *sum)
{
    cg_add_product_i64(factors[0], factors[1], *power, sum);
}

void affine(const int32_t *weight, const int8_t *power, const int32_t *sizes, const float *x,
            int32_t *q, float *y);
void affine(const int32_t *weight, const int8_t *power, const int32_t *sizes, const float *x,
            int32_t *q, float *y)
{
    const int32_t top = cg_block_columns_f32(power, sizes[0], sizes[3], x, q);
    cg_block_affine_f32(weight, top + sizes[1], sizes[2], sizes[3] + 1, q, y);
}

/* given: unit, how many rows, how many columns, spare, the columns, the rows. */
void layer(const int32_t *given, const int8_t *power, int32_t *exponents, int32_t *next);
void layer(const int32_t *given, const int8_t *power, int32_t *exponents, int32_t *next)
{
    const int32_t n_out = given[1], n = given[2];
    const int32_t *const q = given + 4;
    next[n_out + 1] = cg_block_layer_f32(q + n, given[0], n_out, n, q, power, given[3], exponents,
                                         next);
}

int32_t argmax(const int32_t *weight, const int8_t *power, const int32_t *sizes, const float *x,
               int32_t *q);
int32_t argmax(const int32_t *weight, const int8_t *power, const int32_t *sizes, const float *x,
               int32_t *q)
{
    cg_block_columns_f32(power, sizes[0], sizes[3], x, q);
    return cg_block_argmax_f32(weight, sizes[2], sizes[3] + 1, q);
}

int32_t positive(const int32_t *weight, const int8_t *power, const int32_t *sizes, const float *x,
                 int32_t *q);
int32_t positive(const int32_t *weight, const int8_t *power, const int32_t *sizes, const float *x,
                 int32_t *q)
{
    cg_block_columns_f32(power, sizes[0], sizes[3], x, q);
    return cg_dot_i32(weight, q, sizes[3] + 1) > 0;
}

void pairs(const int32_t *dual, const int32_t *sizes, const int32_t *value, int64_t *y);
void pairs(const int32_t *dual, const int32_t *sizes, const int32_t *value, int64_t *y)
{
    cg_add_pairs_i64(dual, sizes[0], sizes[1], *value, y);
}

void column(const int32_t *dual, const int32_t *sizes, const int32_t *value, int64_t *y);
void column(const int32_t *dual, const int32_t *sizes, const int32_t *value, int64_t *y)
{
    cg_add_column_i64(dual, sizes[0], sizes[1], sizes[2], *value, y);
}

void distance(const int32_t *centres, const int64_t *squares, const int8_t *zeros,
              const int32_t *sizes, const float *x, int32_t *q, float *y);
void distance(const int32_t *centres, const int64_t *squares, const int8_t *zeros,
              const int32_t *sizes, const float *x, int32_t *q, float *y)
{
    cg_whole_distance_f32(centres, squares, zeros, sizes[0], sizes[1], sizes[2], sizes[3], x, q, y);
}

void rounded(const int64_t *value, const int32_t *power, float *y);
void rounded(const int64_t *value, const int32_t *power, float *y)
{
    *y = cg_rounded_f32(*value, *power);
}
