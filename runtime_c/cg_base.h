/* SPDX-License-Identifier: 0BSD */
#ifndef CG_BASE_H
#define CG_BASE_H

#define CG_VERSION 1

#include <stddef.h>
#include <stdint.h>

/* The same bits on every core need IEEE 754 single steps: no contraction of a * b + c, no
   excess precision, no fast-math. What a pragma cannot ask for stops the compiler. */
#if defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__)
#error "this code promises exact results: compile it without -ffast-math (or -Ofast)"
#endif
#if defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ > 0
#error "this code tells NaN from numbers: compile it without -ffast-math and -ffinite-math-only"
#endif
#if defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0 && __FLT_EVAL_METHOD__ != 16
#error "this code promises exact results: compile it with FLT_EVAL_METHOD 0 (x86: -mfpmath=sse)"
#endif
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#endif

#endif
