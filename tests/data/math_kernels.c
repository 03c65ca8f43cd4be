/* The math kernels of runtime_c/ over arrays, for tests/test_math.py. */
#include "cg_erf_f64.h"
#include "cg_cos_f32.h"
#include "cg_cos_f64.h"
#include "cg_exp_f32.h"
#include "cg_exp_f64.h"
#include "cg_log_f32.h"
#include "cg_log_f64.h"
#include "cg_logistic_f32.h"
#include "cg_logistic_f64.h"
#include "cg_softmax_f32.h"
#include "cg_softmax_f64.h"
#include "cg_log1p_f32.h"
#include "cg_log1p_f64.h"
#include "cg_expm1_f32.h"
#include "cg_expm1_f64.h"
#include "cg_ndtri_f32.h"
#include "cg_ndtri_f64.h"
#include "cg_sqrt_f32.h"
#include "cg_sqrt_f64.h"
#include "cg_tanh_f32.h"
#include "cg_tanh_f64.h"

#define ELEMENTWISE(kernel, type)                              \
    void all_##kernel(int32_t n, const type *x, type *y);      \
    void all_##kernel(int32_t n, const type *x, type *y)       \
    {                                                          \
        for (int32_t i = 0; i < n; i++) {                      \
            y[i] = kernel(x[i]);                               \
        }                                                      \
    }

#define WHOLE(kernel, type)                                    \
    void all_##kernel(int32_t n, const type *x, type *y);      \
    void all_##kernel(int32_t n, const type *x, type *y)       \
    {                                                          \
        kernel(n, x, y);                                       \
    }

ELEMENTWISE(cg_exp_f32, float)
ELEMENTWISE(cg_log_f32, float)
ELEMENTWISE(cg_tanh_f32, float)
ELEMENTWISE(cg_sqrt_f32, float)
ELEMENTWISE(cg_logistic_f32, float)
ELEMENTWISE(cg_cos_f32, float)
ELEMENTWISE(cg_log1p_f32, float)
ELEMENTWISE(cg_expm1_f32, float)
ELEMENTWISE(cg_ndtri_f32, float)
WHOLE(cg_softmax_f32, float)
ELEMENTWISE(cg_exp_f64, double)
ELEMENTWISE(cg_log_f64, double)
ELEMENTWISE(cg_tanh_f64, double)
ELEMENTWISE(cg_sqrt_f64, double)
ELEMENTWISE(cg_logistic_f64, double)
ELEMENTWISE(cg_erf_f64, double)
ELEMENTWISE(cg_cos_f64, double)
ELEMENTWISE(cg_log1p_f64, double)
ELEMENTWISE(cg_expm1_f64, double)
ELEMENTWISE(cg_ndtri_f64, double)
WHOLE(cg_softmax_f64, double)
