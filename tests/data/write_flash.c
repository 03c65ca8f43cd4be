/* A main that writes where flash is. */
#include <stdint.h>

int main(void)
{
    volatile uint32_t *flash = (volatile uint32_t *)0x100u;
    *flash = 7;
    return 0;
}
