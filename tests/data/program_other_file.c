/* The other file of the program with two models; it holds the functions of header-only ones. */
#define FIRST_IMPLEMENTATION
#define SECOND_IMPLEMENTATION
#include "first.h"
#include "second.h"
#include "first.h"
#include "second.h"

int32_t elsewhere(const float *x);

int32_t elsewhere(const float *x)
{
    return first_predict(x) * 100 + second_predict(x);
}
