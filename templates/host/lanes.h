/* SPDX-License-Identifier: 0BSD */
/* Vectors over rows: a register holds one column of as many rows as fit. Needs host_real and
   host_whole, a float type and the integer type of its size. */
#ifndef HOST_LANES_H
#define HOST_LANES_H

#include <stdint.h>

typedef host_real host_lanes __attribute__((vector_size(64)));
typedef host_whole host_mask __attribute__((vector_size(64)));
typedef host_real host_eight
    __attribute__((vector_size(8 * sizeof(host_real)), aligned(sizeof(host_real)), may_alias));

/* Registers in a row, so that one sum does not wait for itself; fewer where they are narrow. */
#if defined(__AVX512F__)
enum { HOST_WIDE = 2 };
#else
enum { HOST_WIDE = 1 };
#endif
enum { HOST_WIDTH = 64 / sizeof(host_real), HOST_ROWS = HOST_WIDE * HOST_WIDTH };

#define HOST_PAIR __builtin_shufflevector

/* Eight columns of eight rows, `width` apart: out[j * HOST_ROWS + r] = x[r * width + j]. */
static inline void host_transpose(const host_real *x, int32_t width, host_real *out)
{
    host_eight rows[8], pairs[8], fours[8];
    for (int32_t i = 0; i < 8; i++) {
        rows[i] = *(const host_eight *)(x + i * width);
    }
    for (int32_t i = 0; i < 8; i += 2) {
        pairs[i] = HOST_PAIR(rows[i], rows[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
        pairs[i + 1] = HOST_PAIR(rows[i], rows[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    }
    for (int32_t i = 0; i < 4; i++) {
        const int32_t low = i < 2 ? i : i + 2;
        fours[low] = HOST_PAIR(pairs[low], pairs[low + 2], 0, 1, 8, 9, 4, 5, 12, 13);
        fours[low + 2] = HOST_PAIR(pairs[low], pairs[low + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
    for (int32_t i = 0; i < 4; i++) {
        host_eight *const low = (host_eight *)(out + i * HOST_ROWS);
        host_eight *const high = (host_eight *)(out + (i + 4) * HOST_ROWS);
        *low = HOST_PAIR(fours[i], fours[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        *high = HOST_PAIR(fours[i], fours[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

/* The first n columns of HOST_ROWS rows, `width` apart, each column one after the other. */
static inline void host_columns(const host_real *x, int32_t width, int32_t n, host_real *out)
{
    if (n < 8) {
        for (int32_t row = 0; row < HOST_ROWS; row++) {
            for (int32_t j = 0; j < n; j++) {
                out[j * HOST_ROWS + row] = x[row * width + j];
            }
        }
        return;
    }
    for (int32_t row = 0; row < HOST_ROWS; row += 8) {
        for (int32_t j = 0; j < n; j += 8) {
            const int32_t from = j < n - 8 ? j : n - 8;
            host_transpose(x + row * width + from, width, out + from * HOST_ROWS + row);
        }
    }
}

/* The chosen columns of HOST_ROWS rows. */
static inline void host_gather(const host_real *x, int32_t width, const int32_t *index, int32_t n,
                               host_real *out)
{
    for (int32_t j = 0; j < n; j++) {
        for (int32_t row = 0; row < HOST_ROWS; row++) {
            out[j * HOST_ROWS + row] = x[row * width + index[j]];
        }
    }
}

/* Steps on columns, each rounded as in the exported C. */
static inline void host_subtract(const host_real *value, int32_t n, host_lanes *x)
{
    for (int32_t i = 0; i < n * HOST_WIDE; i++) {
        x[i] -= value[i / HOST_WIDE];
    }
}

static inline void host_divide(const host_real *value, int32_t n, host_lanes *x)
{
    for (int32_t i = 0; i < n * HOST_WIDE; i++) {
        x[i] /= value[i / HOST_WIDE];
    }
}

static inline void host_multiply(const host_real *value, int32_t n, host_lanes *x)
{
    for (int32_t i = 0; i < n * HOST_WIDE; i++) {
        x[i] *= value[i / HOST_WIDE];
    }
}

static inline void host_add(const host_real *value, int32_t n, host_lanes *x)
{
    for (int32_t i = 0; i < n * HOST_WIDE; i++) {
        x[i] += value[i / HOST_WIDE];
    }
}

/* mask ? a : b, lane by lane. */
static inline host_lanes host_pick(host_mask mask, host_lanes a, host_lanes b)
{
    return (host_lanes)(((host_mask)a & mask) | ((host_mask)b & ~mask));
}

static inline host_lanes host_larger(host_lanes a, host_lanes b)
{
    return host_pick(a > b, a, b);
}

static inline host_lanes host_size(host_lanes a)
{
    return host_pick(a < 0, -a, a);
}

/* The leader of each row so far, its value, and the largest value behind it. */
typedef struct {
    host_lanes first;
    host_lanes second;
    host_mask index;
} host_lead;

static inline host_lead host_led(host_lead lead, host_lanes value, host_whole index)
{
    const host_mask ahead = value > lead.first;
    lead.second = host_larger(host_pick(ahead, lead.first, value), lead.second);
    lead.first = host_pick(ahead, value, lead.first);
    lead.index = (ahead & index) | (~ahead & lead.index);
    return lead;
}

/* The index of each leader, or -1 where its lead is not above doubt (NaN is not). */
static inline void host_store(host_lead lead, host_lanes doubt, int32_t *y)
{
    typedef int32_t labels
        __attribute__((vector_size(HOST_WIDTH * 4), aligned(4), may_alias));
    const host_mask sure = lead.first - lead.second > doubt;
    *(labels *)y = __builtin_convertvector((sure & lead.index) | ~sure, labels);
}

#endif
