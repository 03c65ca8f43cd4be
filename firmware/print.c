/* SPDX-License-Identifier: 0BSD
 *
 * Lines are gathered in a small buffer, since each call of semihosting stops the core. Numbers are
 * made with integer arithmetic alone. Written by edge-codegen.
 */
#include "print.h"
#include "semihosting.h"

#define DIGITS 6

static char line[81];
static uint32_t length;

static void flush(void)
{
    line[length] = '\0';
    semihosting_write(line);
    length = 0;
}

static void put(char c)
{
    line[length++] = c;
    if (length == sizeof line - 1) {
        flush();
    }
}

void print_text(const char *text)
{
    for (; *text != '\0'; text++) {
        put(*text);
    }
}

void print_end(void)
{
    put('\n');
    if (length != 0) {
        flush();
    }
}

void print_integer(int32_t value)
{
    char digits[10];
    int32_t n = 0;
    uint32_t rest = value < 0 ? 0u - (uint32_t)value : (uint32_t)value;
    if (value < 0) {
        put('-');
    }
    do {
        digits[n++] = (char)('0' + (char)(rest % 10u));
        rest /= 10u;
    } while (rest != 0);
    while (n > 0) {
        put(digits[--n]);
    }
}

void print_hex(uint32_t value)
{
    for (int32_t shift = 28; shift >= 0; shift -= 4) {
        put("0123456789abcdef"[(value >> shift) & 15u]);
    }
}

/* The digits of `value` (six of them, zeros at the end left out), the first worth 10^exponent. */
static void print_digits(uint32_t value, int32_t exponent)
{
    char digits[DIGITS];
    for (int32_t i = DIGITS - 1; i >= 0; i--) {
        digits[i] = (char)('0' + (char)(value % 10u));
        value /= 10u;
    }
    int32_t n = DIGITS;
    while (n > 1 && digits[n - 1] == '0') {
        n--;
    }
    const int32_t plain = exponent >= -5 && exponent < DIGITS;
    const int32_t units = plain != 0 ? exponent : 0;
    const int32_t last = units > n - 1 ? units : n - 1;
    for (int32_t i = units < 0 ? units : 0; i <= last; i++) {
        put(i >= 0 && i < n ? digits[i] : '0');
        if (i == units && i < last) {
            put('.');
        }
    }
    if (plain == 0) {
        put('e');
        print_integer(exponent);
    }
}

/* mantissa * 2^two, as mantissa * 10^ten: each step keeps at least 56 bits, so that the six digits
   that are printed are off by less than a hundred-thousandth of the last one before rounding. */
static void print_number(uint64_t mantissa, int32_t two)
{
    int32_t ten = 0;
    if (mantissa == 0) {
        put('0');
        return;
    }
    for (; two > 0; two--) {
        if ((mantissa >> 63) != 0) {
            mantissa /= 10u;
            ten++;
        }
        mantissa <<= 1;
    }
    for (; two < 0; two++) {
        while ((mantissa >> 60) == 0) {
            mantissa *= 10u;
            ten--;
        }
        mantissa >>= 1;
    }
    for (; mantissa < 1000000u; ten--) {
        mantissa *= 10u;
    }
    for (; mantissa >= 10000000u; ten++) {
        mantissa /= 10u;
    }
    mantissa = (mantissa + 5u) / 10u;
    ten += DIGITS;
    if (mantissa == 1000000u) {
        mantissa /= 10u;
        ten++;
    }
    print_digits((uint32_t)mantissa, ten);
}

/* A number of `exponent` (as it is stored, at most `top`), and of a fraction of `width` bits. */
static void print_parts(uint64_t fraction, int32_t exponent, int32_t top, int32_t width)
{
    if (exponent == top) {
        print_text(fraction != 0 ? "nan" : "inf");
        return;
    }
    if (exponent == 0) {
        exponent = 1;
    } else {
        fraction |= (uint64_t)1 << width;
    }
    print_number(fraction, exponent - top / 2 - width);
}

void print_f32(uint32_t bits)
{
    print_text((bits >> 31) != 0 ? "-" : "");
    print_parts(bits & 0x007fffffu, (int32_t)((bits >> 23) & 255u), 255, 23);
    print_text(" [");
    print_hex(bits);
    print_text("]");
}

void print_f64(uint64_t bits)
{
    print_text((bits >> 63) != 0 ? "-" : "");
    print_parts(bits & 0x000fffffffffffffu, (int32_t)((bits >> 52) & 2047u), 2047, 52);
    print_text(" [");
    print_hex((uint32_t)(bits >> 32));
    print_hex((uint32_t)bits);
    print_text("]");
}
