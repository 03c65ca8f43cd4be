#include <stdint.h>

/* The smallest program: linking it makes the compiler build its runtime library. */
int32_t codegen_warm(int32_t x)
{
    return x + 1;
}
