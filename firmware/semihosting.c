/* SPDX-License-Identifier: 0BSD
 *
 * Arm semihosting: the core stops at BKPT 0xAB, and the debugger or the emulator does what register
 * 0 asks for with what register 1 points to. Written by edge-codegen.
 *
 * On a real board this needs a debugger that serves it (OpenOCD: `arm semihosting enable`; pyOCD:
 * `--semihosting`; J-Link: `monitor semihosting enable`). Without one the core faults here: then
 * write these two functions anew, for a serial port and for a lamp.
 */
#include "semihosting.h"

#define SYS_WRITE0 0x04u
#define SYS_EXIT_EXTENDED 0x20u
#define ADP_STOPPED_APPLICATION_EXIT 0x20026u

static void ask(uint32_t operation, const volatile void *argument)
{
    register uint32_t number __asm__("r0") = operation;
    register const volatile void *block __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(number) : "r"(block) : "memory");
}

void semihosting_write(const char *text)
{
    ask(SYS_WRITE0, text);
}

void semihosting_exit(int32_t code)
{
    const volatile uint32_t reason[2] = {ADP_STOPPED_APPLICATION_EXIT, (uint32_t)code};
    for (;;) {
        ask(SYS_EXIT_EXTENDED, reason);
    }
}
