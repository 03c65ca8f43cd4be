/* Counted by hand: the instructions of these are few and known. */
#include <stdint.h>

int32_t answer(void)
{
    return 42; /* movs, bx: 2 instructions; li, ret */
}

void busy(volatile int32_t *cell)
{
    int32_t i;
    for (i = 0; i < 10; i++) {
        cell[0] = 7;
    }
}

int32_t smaller(int32_t a, int32_t b)
{
    return a < b ? a * 3 : b - 5;
}

__attribute__((noinline)) int32_t deep(int32_t n)
{
    volatile int32_t words[700];
    words[n] = n;
    return words[n] + words[0];
}

int32_t recurse(int32_t n)
{
    volatile int32_t kept = n;
    return n == 0 ? 0 : recurse(n - 1) * 3 + kept;
}

int32_t through_pointer(int32_t (*function)(int32_t))
{
    return function(1) + 1;
}

int32_t table(int32_t n, int32_t a)
{
    switch (n) {
    case 0:
        return deep(a);
    case 1:
        return a * 17;
    case 2:
        return a - 100;
    case 3:
        return a ^ 0x55;
    case 4:
        return a << 3;
    case 5:
        return deep(a + 1) ^ 99;
    default:
        return a;
    }
}
