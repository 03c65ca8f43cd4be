/* SPDX-License-Identifier: 0BSD
 *
 * From reset to main on any Cortex-M: vectors, memory, FPU. Written by edge-codegen.
 *
 * A real board starts with its slow internal clock, which is good enough here. Put what a board
 * needs first (clocks, a watchdog) at the beginning of reset(), and the vectors of its
 * interrupts behind those of the core.
 */
#include "print.h"
#include "semihosting.h"

#define COPROCESSOR_ACCESS ((volatile uint32_t *)0xe000ed88u)
#define FPU_FULL_ACCESS 0x00f00000u
#define EXIT_FAULT 2

/* Addresses that link.ld defines. */
extern uint32_t link_stack_top[];
extern uint32_t link_data_start[];
extern uint32_t link_data_end[];
extern const uint32_t link_data_load[];
extern uint32_t link_bss_start[];
extern uint32_t link_bss_end[];

int main(void);
void reset(void);
void fault(void);
void fault_report(const uint32_t *frame);

typedef void (*handler)(void);

typedef struct {
    uint32_t *stack_top;
    handler handlers[15];
} vector_table;

__attribute__((section(".vectors"), used)) static const vector_table vectors = {
    link_stack_top,
    {reset, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault,
     fault, fault},
};

void reset(void)
{
#if defined(__ARM_FP)
    *COPROCESSOR_ACCESS |= FPU_FULL_ACCESS;
    __asm__ volatile("dsb\n\tisb" : : : "memory");
#endif
    const uint32_t *from = link_data_load;
    for (uint32_t *to = link_data_start; to < link_data_end; to++) {
        *to = *from++;
    }
    for (uint32_t *to = link_bss_start; to < link_bss_end; to++) {
        *to = 0;
    }
    semihosting_exit(main());
}

/* The core has stored eight words on the stack; the seventh is where it was. */
__attribute__((naked)) void fault(void)
{
    __asm__ volatile("mov r0, sp\n\tbl fault_report");
}

__attribute__((used)) void fault_report(const uint32_t *frame)
{
    uint32_t exception;
    __asm__ volatile("mrs %0, ipsr" : "=r"(exception));
    print_end();
    print_text("FAULT: exception ");
    print_integer((int32_t)exception);
    print_text(" at 0x");
    print_hex(frame[6]);
    print_end();
    semihosting_exit(EXIT_FAULT);
}
