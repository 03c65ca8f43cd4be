/* Reads rows of features from standard input and says for each whether the bearing is worn.
 * On a device the rows would come from the sensor; the two calls stay the same. */
#include <stdio.h>

#include "vibration.h"

/* One row into x: 1 if it was there, 0 at the end of the input. */
static int read_row(float x[VIBRATION_N_FEATURES])
{
    for (int i = 0; i < VIBRATION_N_FEATURES; i++) {
        if (scanf("%f", &x[i]) != 1) {
            return 0;
        }
    }
    return 1;
}

int main(void)
{
    float x[VIBRATION_N_FEATURES];

    while (read_row(x)) {
        const int32_t label = vibration_predict(x);
        const float score = vibration_decision_function(x);
        printf("%ld %.9g\n", (long)label, (double)score);
    }
    return 0;
}
