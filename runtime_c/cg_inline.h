/* SPDX-License-Identifier: 0BSD */
#ifndef CG_INLINE_H
#define CG_INLINE_H

#include "cg_base.h"

/* What must become part of its caller, and what must not: compilers that know no such wish give
   the same answers, at another price. */
#if defined(__GNUC__)
#define CG_INLINE static inline __attribute__((always_inline))
#define CG_APART static __attribute__((noinline))
#else
#define CG_INLINE static inline
#define CG_APART static
#endif

#endif
