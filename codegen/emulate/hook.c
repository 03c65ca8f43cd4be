/* Counts what an emulated core executes. Unicorn calls codegen_hook before each instruction;
   it is compiled for the host, since a hook in Python is about forty times slower. */
#include <stdint.h>

#define NOWHERE UINT64_MAX
#define LONGEST_IT_BLOCK 4

typedef int (*read_register)(void *engine, int id, void *value);
typedef int (*stop_engine)(void *engine);

/* What is known beforehand of the instruction at one halfword of flash. */
typedef struct {
    uint8_t n_bytes; /* 0: no instruction was decoded here */
    uint8_t jumps;   /* 1: the next instruction may be another than the one behind it */
    uint16_t cycles; /* when the flow falls through */
    uint16_t cycles_taken;
} instruction;

typedef struct {
    read_register read;
    stop_engine stop;
    const instruction *flash; /* one entry per halfword */
    uint64_t flash_address;
    uint64_t n_halfwords;
    uint64_t limit; /* instructions after which the run is stopped */
    uint64_t instructions;
    uint64_t cycles;
    uint64_t taken; /* how often the flow did not fall through */
    uint64_t lowest_stack;
    uint64_t previous;   /* halfword of the instruction before this one, or NOWHERE */
    uint64_t stray;      /* the first address executed where nothing was decoded, or NOWHERE */
    uint64_t misaligned; /* the first address of data no multiple of its size, likewise */
    int32_t stack_register;
} counters;

static uint64_t halfword_of(const counters *c, uint64_t address)
{
    uint64_t halfword = (address - c->flash_address) / 2u;
    return halfword < c->n_halfwords && c->flash[halfword].n_bytes != 0u ? halfword : NOWHERE;
}

static void mark_stray(counters *c, uint64_t address)
{
    if (c->stray == NOWHERE) {
        c->stray = address;
    }
}

/* Unicorn calls no hook for an instruction of an IT block whose condition fails. The core
   spends one cycle on it, so each is counted as one instruction and one cycle. */
static void count_skipped(counters *c, uint64_t from, uint64_t address)
{
    int i;
    for (i = 0; i < LONGEST_IT_BLOCK && from != address; i++) {
        uint64_t halfword = halfword_of(c, from);
        if (halfword == NOWHERE) {
            break;
        }
        c->instructions++;
        c->cycles++;
        from += c->flash[halfword].n_bytes;
    }
    if (from != address) {
        mark_stray(c, address);
    }
}

/* The instruction before is costed now that it is known where the flow went. */
void codegen_settle(counters *c, uint64_t address)
{
    const instruction *before;
    uint64_t behind;
    if (c->previous == NOWHERE) {
        return;
    }
    before = &c->flash[c->previous];
    behind = c->flash_address + 2u * c->previous + before->n_bytes;
    if (address == behind) {
        c->cycles += before->cycles;
    } else if (before->jumps != 0u) {
        c->cycles += before->cycles_taken;
        c->taken++;
    } else {
        c->cycles += before->cycles;
        count_skipped(c, behind, address);
    }
}

void codegen_hook(void *engine, uint64_t address, uint32_t n_bytes, void *user)
{
    counters *c = (counters *)user;
    uint32_t stack = 0u;
    (void)n_bytes;
    c->read(engine, c->stack_register, &stack);
    if (stack < c->lowest_stack) {
        c->lowest_stack = stack;
    }
    codegen_settle(c, address);
    c->previous = halfword_of(c, address);
    if (c->previous == NOWHERE) {
        mark_stray(c, address);
    }
    c->instructions++;
    if (c->instructions >= c->limit) {
        c->stop(engine);
    }
}

/* Attached for the cores on which an access to a misaligned address is a fault. */
void codegen_check_alignment(void *engine, int32_t type, uint64_t address, int32_t n_bytes,
                             int64_t value, void *user)
{
    counters *c = (counters *)user;
    (void)type;
    (void)value;
    if ((address & (uint64_t)(n_bytes - 1)) != 0u && c->misaligned == NOWHERE) {
        c->misaligned = address;
        c->stop(engine);
    }
}
