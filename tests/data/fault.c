/* A main that the core cannot execute to its end. */
#include "print.h"

int main(void)
{
    print_text("before the fault");
    print_end();
    __asm__ volatile("udf #7");
    return 0;
}
