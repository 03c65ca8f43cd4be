/* What exported C must not have: state in RAM (4 bytes with a value, 40 of zeros). */
#include <stdint.h>

static int32_t total = 7;
static int32_t history[10];

int32_t count(int32_t x)
{
    history[x % 10]++;
    total += history[x % 10];
    return total;
}
