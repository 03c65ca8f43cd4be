/* SPDX-License-Identifier: 0BSD
 *
 * Runs an exported model over test rows, prints its answers, and compares each with the answer that
 * the same C gave on the computer it was exported on, bit for bit. Written by edge-codegen.
 *
 * rows.h says which functions the model has, and holds the rows and the expected answers. The last
 * line starts with PASS (exit code 0) or FAIL (exit code 1); a fault ends with FAULT and code 2.
 *
 * On a real board: flash the .hex or the .bin with a debugger that serves semihosting, or write
 * semihosting.c anew for a serial port. For a board of your own copy a file of firmware/boards: it
 * names the core and the memory, and all the rest follows. Any compiler builds these sources:
 *
 *     arm-none-eabi-gcc -Os -std=c99 -mthumb -mcpu=... -nostartfiles -T link.ld *.c -o image.elf
 */
#include "print.h"
#include "rows.h"
#include "semihosting.h"

#define SHOWN 4 /* values of a long answer that are printed */

/* An answer, and the bits of its numbers. */
typedef union {
    rows_real reals[ROWS_MOST];
    rows_bits bits[ROWS_MOST];
    int32_t indices[ROWS_MOST];
} answer;

/* The ways in which a model's function gives its answer to what rows.h holds of a row; of two
   results one is judged. */
#define CALL_first(function, row, y) function(ROWS_GIVEN(row), (y).indices, other.reals)
#define CALL_second(function, row, y) function(ROWS_GIVEN(row), other.indices, (y).reals)
#define CALL_index(function, row, y) (y).indices[0] = function(ROWS_GIVEN(row))
#define CALL_value(function, row, y) (y).reals[0] = function(ROWS_GIVEN(row))
#define CALL_indices(function, row, y) function(ROWS_GIVEN(row), (y).indices)
#define CALL_vector(function, row, y) function(ROWS_GIVEN(row), (y).reals)

#define JUDGE_index(expected, size, y) judged_indices(expected, size, (y).indices)
#define JUDGE_value(expected, size, y) judged_reals(expected, size, (y).bits)
#define JUDGE_indices(expected, size, y) judged_indices(expected, size, (y).indices)
#define JUDGE_vector(expected, size, y) judged_reals(expected, size, (y).bits)
#define JUDGE_first(expected, size, y) judged_indices(expected, size, (y).indices)
#define JUDGE_second(expected, size, y) judged_reals(expected, size, (y).bits)

static void print_heading(int32_t number, const char *method)
{
    print_text("row ");
    print_integer(number);
    print_text(" ");
    print_text(method);
}

/* The label of a class, or the number itself where it is a cluster, +1 or -1. */
static void print_index(int32_t output, int32_t index)
{
    print_text(" ");
    if (output >= ROWS_N_LABELLED) {
        print_integer(index);
        return;
    }
    const int32_t n_labels = rows_label_offset[output + 1] - rows_label_offset[output];
    const int32_t known = index >= 0 && index < n_labels;
    print_text(known ? rows_label[rows_label_offset[output] + index] : "no label");
}

static void print_more(int32_t size)
{
    if (size > SHOWN) {
        print_text(" and ");
        print_integer(size - SHOWN);
        print_text(" more");
    }
}

static void print_wrong(int32_t i)
{
    print_text(" WRONG[");
    print_integer(i);
    print_text("], expected");
}

static int32_t judged_indices(const int32_t *expected, int32_t size, const int32_t *given)
{
    int32_t wrong = 0;
    for (int32_t i = 0; i < size && i < SHOWN; i++) {
        print_index(i, given[i]);
    }
    print_more(size);
    for (int32_t i = 0; i < size; i++) {
        if (given[i] != expected[i]) {
            wrong = 1;
            print_wrong(i);
            print_index(i, expected[i]);
        }
    }
    return wrong;
}

static int32_t is_nan(rows_bits bits)
{
    return (bits & ROWS_MAGNITUDE) > ROWS_INFINITY;
}

static int32_t judged_reals(const rows_bits *expected, int32_t size, const rows_bits *given)
{
    int32_t wrong = 0;
    for (int32_t i = 0; i < size && i < SHOWN; i++) {
        print_text(" ");
        ROWS_PRINT(given[i]);
    }
    print_more(size);
    for (int32_t i = 0; i < size; i++) {
        if (given[i] != expected[i] && !(is_nan(given[i]) && is_nan(expected[i]))) {
            wrong = 1;
            print_wrong(i);
            print_text(" ");
            ROWS_PRINT(expected[i]);
        }
    }
    return wrong;
}

/* One function of the model on one row. */
#define TRY(method, function, way, size)                                      \
    print_heading(rows_number[row], #method);                                 \
    CALL_##way(function, row, y);                                             \
    wrong += JUDGE_##way(rows_expected_##method + row * (size), size, y);     \
    print_end();

int main(void)
{
    static answer y;
    static answer other;
    int32_t wrong = 0;
    (void)other; /* a model may have functions of one result alone */
    (void)judged_indices; /* a model may have numbers alone, or indices alone */
    (void)judged_reals;
    print_text(ROWS_TITLE);
    print_end();
    for (int32_t row = 0; row < ROWS_N; row++) {
        ROWS_FUNCTIONS(TRY)
    }
    print_text(wrong == 0 ? "PASS: " : "FAIL: ");
    print_integer(ROWS_N_ANSWERS - wrong);
    print_text(" of ");
    print_integer(ROWS_N_ANSWERS);
    print_text(" answers equal the host's, bit for bit");
    print_end();
    return wrong == 0 ? 0 : 1;
}
