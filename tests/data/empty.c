/* Nothing of its own: what a test includes by the command line is compiled in it. */
#include <stdint.h>

typedef int32_t nothing;
