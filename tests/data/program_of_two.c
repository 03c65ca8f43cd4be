/* A program with two models; the headers come in twice, and in two of its files. */
#include "first.h"
#include "second.h"
#include "first.h"
#include "second.h"

int32_t both(const float *x);
int32_t elsewhere(const float *x);

int32_t both(const float *x)
{
    return first_predict(x) * 100 + second_predict(x);
}

int main(void)
{
    const float x[FIRST_N_FEATURES] = {5.0f, 3.0f, 1.5f, 0.25f};
    int32_t wrong = FIRST_N_FEATURES == SECOND_N_FEATURES ? 0 : 1;
    wrong += first_check(x) == 1 && second_check(x) == 1 ? 0 : 1;
    wrong += first_classes[0][0] == second_classes[0][0] ? 0 : 1;
    wrong += both(x) == elsewhere(x) ? 0 : 1;
    return wrong;
}
