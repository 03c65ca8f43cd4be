/* An object with an undefined symbol. */
#include <stdint.h>

int32_t missing(int32_t x);

int32_t caller(int32_t x)
{
    return missing(x) + 1;
}
