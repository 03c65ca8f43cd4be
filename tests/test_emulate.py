"""The emulated cores answer as the host does, count right, bound the stack, refuse strays."""

import ctypes
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from codegen.emulate import Machine, worst_stack
from codegen.errors import ToolchainError
from codegen.targets import TARGETS
from codegen.toolchain import build_host, compile_objects, link

DATA = Path(__file__).parent / "data"
CORES = (
    "cortex-m0plus",
    "cortex-m3",
    "cortex-m4f",
    "cortex-m7",
    "cortex-m33",
    "riscv32imc",
    "riscv32imafc",
)
KERNELS = [
    "add",
    "dot",
    "dot_double",
    "sum_to",
    "divide",
    "divide_integers",
    "nested",
    "writes_past_end",
    "writes_before_start",
    "reads_past_end",
    "writes_input",
    "writes_flash",
    "reads_null",
    "reads_misaligned",
    "never_returns",
]
TINY = ["answer", "busy", "smaller", "deep", "recurse", "through_pointer", "table"]
RNG = np.random.default_rng(2)
FLOATS = (RNG.normal(size=(20, 8)) * 10.0 ** RNG.integers(-20, 15, (20, 8))).astype(np.float32)


def source(name):
    return {name: (DATA / name).read_text(encoding="ascii")}


@cache
def image(file_name, core):
    target = TARGETS[core]
    roots = KERNELS if file_name == "kernels.c" else TINY
    return link(compile_objects(source(file_name), target), target, roots)


@cache
def machine(file_name, core):
    return Machine(image(file_name, core), TARGETS[core], instruction_limit=200_000)


@pytest.fixture(scope="module")
def host():
    library = ctypes.CDLL(str(build_host(source("kernels.c"), "kernels")))
    library.dot.restype = library.divide.restype = ctypes.c_float
    library.dot_double.restype = ctypes.c_double
    return library


@pytest.fixture(params=CORES)
def core(request):
    return request.param


def bits(value, kind):
    return np.asarray(value, kind).tobytes()


def test_float_and_double_results_are_the_hosts_bits(core, host):
    emulated = machine("kernels.c", core)
    for row in FLOATS:
        wide = row.astype(np.float64)
        of_float = emulated.call("dot", [row.tobytes()], returns="float").value
        of_double = emulated.call("dot_double", [wide.tobytes()], returns="double").value
        quotient = emulated.call("divide", [row[:2].tobytes()], returns="float").value
        address = row.ctypes.data_as(ctypes.c_void_p)
        assert bits(of_float, "f4") == bits(host.dot(address), "f4")
        assert bits(quotient, "f4") == bits(host.divide(address), "f4")
        address = wide.ctypes.data_as(ctypes.c_void_p)
        assert bits(of_double, "f8") == bits(host.dot_double(address), "f8")


def test_output_buffers_are_the_hosts_bits(core, host):
    for row in FLOATS:
        scaled, ratio = np.zeros(8, np.float32), np.zeros(1)
        host.nested(*(ctypes.c_void_p(it.ctypes.data) for it in (row, scaled, ratio)))
        run = machine("kernels.c", core).call("nested", [row.tobytes()], [32, 8])
        assert run.outputs == (scaled.tobytes(), ratio.tobytes())
        assert run.value is None


def test_integers_are_passed_by_value_and_returned_signed(core, host):
    emulated = machine("kernels.c", core)
    numbers = np.arange(-6, 9, dtype=np.int16)
    assert emulated.call("add", [5, -9], returns="int32").value == -4
    assert emulated.call("divide_integers", [-1000, 7], returns="int32").value == -142
    run = emulated.call("sum_to", [numbers.tobytes(), numbers.size], returns="int32")
    assert run.value == host.sum_to(numbers.ctypes.data_as(ctypes.c_void_p), numbers.size)


# By hand from the listings: busy is 2 before ten rounds of 3 and the return; smaller on the M3
# is six, of which one is skipped in an IT block when b <= a; the stores take 2 cycles on the
# M0+ and 1 on the M3, a branch that is taken 2 and 3, the return 2 and 3.
@pytest.mark.parametrize(
    ("core", "symbol", "inputs", "instructions", "cycles", "taken"),
    [
        ("cortex-m0plus", "answer", [], 2, 1 + 2, 1),
        ("cortex-m3", "answer", [], 2, 1 + 3, 1),
        ("riscv32imc", "answer", [], 2, 1 + 3, 1),
        ("cortex-m0plus", "busy", [], 33, 2 + 10 * 3 + 9 * 2 + 1 + 2, 10),
        ("cortex-m3", "busy", [], 33, 2 + 10 * 2 + 9 * 3 + 1 + 3, 10),
        ("riscv32imc", "busy", [], 33, 2 + 10 * 2 + 9 * 3 + 1 + 3, 10),
        ("cortex-m3", "smaller", [1, 2], 6, 5 + 3, 1),
        ("cortex-m3", "smaller", [2, 1], 6, 5 + 3, 1),
    ],
)
def test_counts_are_those_counted_by_hand(core, symbol, inputs, instructions, cycles, taken):
    outputs = [4] if symbol == "busy" else []
    run = machine("tiny.c", core).call(symbol, inputs, outputs)
    assert (run.instructions, run.cycles, run.taken_branches) == (instructions, cycles, taken)


def test_the_same_call_counts_the_same(core):
    emulated = machine("kernels.c", core)
    runs = [emulated.call("dot", [FLOATS[0].tobytes()], returns="float") for _ in range(2)]
    assert runs[0].instructions == runs[1].instructions
    assert runs[0].cycles == runs[1].cycles
    assert runs[0].stack_bytes == runs[1].stack_bytes


@pytest.mark.parametrize("symbol", ["dot", "dot_double", "divide", "nested"])
def test_the_static_stack_bounds_the_measured_one(core, symbol):
    bound = worst_stack(image("kernels.c", core), symbol)
    rows = [row.astype(np.float64) if symbol == "dot_double" else row for row in FLOATS]
    outputs = [32, 8] if symbol == "nested" else []
    measured = max(
        machine("kernels.c", core).call(symbol, [row.tobytes()], outputs).stack_bytes
        for row in rows
    )
    assert bound.unknown == ()
    assert measured <= bound.stack_bytes <= measured + 64
    assert bound.chain[0] == symbol


def test_a_frame_larger_than_an_immediate_is_known(core):
    bound = worst_stack(image("tiny.c", core), "deep")
    run = machine("tiny.c", core).call("deep", [3], returns="int32")
    assert bound.unknown == ()
    assert run.stack_bytes == bound.stack_bytes >= 2800


def test_what_has_no_bound_says_why(core):
    tiny = image("tiny.c", core)
    assert worst_stack(tiny, "recurse").unknown == ("recursion through recurse",)
    assert "call through a register" in worst_stack(tiny, "through_pointer").unknown[0]


@pytest.mark.parametrize("core", ["cortex-m0plus", "cortex-m3", "cortex-m4f"])
def test_every_case_of_a_jump_table_is_followed(core):
    bound = worst_stack(image("tiny.c", core), "table")
    measured = [machine("tiny.c", core).call("table", [n, 5]).stack_bytes for n in range(8)]
    assert bound.unknown == ()
    assert max(measured) <= bound.stack_bytes
    assert "deep" in bound.chain


@pytest.mark.parametrize(
    ("symbol", "inputs", "outputs", "message"),
    [
        ("writes_past_end", [], [8], "stray write of 4 bytes at 0x64000000"),
        ("writes_before_start", [], [8], "wrote before output 0, at 0x63fffff7"),
        ("reads_past_end", [bytes(8)], [], "stray read of 4 bytes at 0x44000000"),
        ("writes_input", [bytes(8)], [], "write of read-only 4 bytes at 0x43fffff8"),
        ("writes_flash", [], [], "write of read-only 4 bytes at 0x800"),
        ("reads_null", [0], [], "stray read of 4 bytes at 0x0 "),
        ("never_returns", [], [], "no return in 200000 instructions"),
        ("absent", [], [], "no function absent"),
        ("add", [1, 2, 3, 4, 5, 6, 7, 8, 9], [], "has 9 arguments"),
    ],
)
def test_each_fault_is_an_error_with_its_address(core, symbol, inputs, outputs, message):
    with pytest.raises(ToolchainError, match=message):
        machine("kernels.c", core).call(symbol, inputs, outputs)


@pytest.mark.parametrize("core", ["cortex-m0plus", "cortex-m3", "riscv32imc"])
def test_a_misaligned_access_is_an_error_where_the_core_has_none(core):
    emulated = machine("kernels.c", core)
    if TARGETS[core].allows_misaligned:
        run = emulated.call("reads_misaligned", [bytes(range(8))], returns="int32")
        assert run.value == 0x04030201
    else:
        with pytest.raises(ToolchainError, match="misaligned access"):
            emulated.call("reads_misaligned", [bytes(range(8))], returns="int32")


def test_state_in_ram_is_as_after_reset_at_every_call():
    target = TARGETS["cortex-m3"]
    objects = compile_objects(source("state.c"), target)
    emulated = Machine(link(objects, target, ["count"]), target)
    values = [emulated.call("count", [3], returns="int32").value for _ in range(3)]
    assert values == [8, 8, 8]


def test_a_core_that_unicorn_lacks_is_refused():
    with pytest.raises(ToolchainError, match="cortex-m55 cannot be emulated"):
        Machine(image("tiny.c", "cortex-m55"), TARGETS["cortex-m55"])
