"""zig builds for the host and every target; sizes add up; no path gets into an output."""

import ctypes
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile

from codegen.errors import InvalidInput, ToolchainError
from codegen.targets import TARGETS, find_target, measured_cores
from codegen.toolchain import (
    build_host,
    cache_folder,
    compile_objects,
    link,
    sizes,
    undefined_symbols,
    warm,
)

DATA = Path(__file__).parent / "data"
KERNELS = {"kernels.c": (DATA / "kernels.c").read_text(encoding="ascii")}
ROOTS = ("dot", "dot_double", "nested", "sum_to")
LINKED = [name for name, row in TARGETS.items() if row.family in {"arm", "riscv"}]
EMULATED = [name for name, row in TARGETS.items() if row.unicorn_cpu]


def test_an_unknown_target_is_refused_with_the_list():
    with pytest.raises(InvalidInput, match=r"'cortex-m99'; choose one of: .*cortex-m4f.*wasm32"):
        find_target("cortex-m99")


def test_a_family_is_measured_on_its_members_and_a_core_on_itself():
    assert [core.name for core in measured_cores("cortex-m")] == ["cortex-m0plus", "cortex-m4f"]
    assert measured_cores("riscv32imc") == (TARGETS["riscv32imc"],)


def test_a_core_is_emulated_exactly_where_it_has_a_cycle_model():
    assert [name for name, row in TARGETS.items() if row.cycle_model] == EMULATED


def test_host_library_is_named_by_its_content():
    first = build_host(KERNELS, "kernels")
    assert build_host(KERNELS, "kernels") == first
    assert build_host({"kernels.c": KERNELS["kernels.c"] + "\n"}, "kernels") != first
    assert build_host(KERNELS, "kernels", flags=("-DX",)) != first
    assert ctypes.CDLL(str(first)).add(5, -9) == -4


def test_a_compiler_error_is_told_in_its_own_words():
    with pytest.raises(ToolchainError, match=r"for the host:\n.*broken\.c:1:\d+: error: "):
        build_host({"broken.c": "int f(void) { return x; }\n"}, "broken")
    core = TARGETS["cortex-m3"]
    objects = compile_objects(_calls_missing(), core)
    with pytest.raises(ToolchainError, match=r"for cortex-m3:\n.*undefined symbol: missing"):
        link(objects, core, ["caller"])


def test_without_a_c_file_there_is_nothing_to_compile():
    with pytest.raises(ToolchainError, match=r"no \.c file to compile among a\.h"):
        build_host({"a.h": ""}, "nothing")


@pytest.mark.parametrize("name", ["cortex-m0plus", "riscv32imc", "avr"])
def test_undefined_symbols_of_an_object_are_listed(name):
    (made,) = compile_objects(_calls_missing(), TARGETS[name])
    assert "missing" in undefined_symbols(made)
    assert "caller" not in undefined_symbols(made)


def test_the_fpu_is_used_where_there_is_one():
    for name, wanted in (("cortex-m4", True), ("cortex-m4f", False), ("cortex-m7", False)):
        (made,) = compile_objects(KERNELS, TARGETS[name])
        assert ("__aeabi_fmul" in undefined_symbols(made)) == wanted, name


@pytest.mark.parametrize("name", LINKED)
def test_sizes_add_up_to_what_the_image_occupies(name):
    core = TARGETS[name]
    image = link(compile_objects(KERNELS, core), core, ROOTS)
    found = sizes(image)
    with image.open("rb") as stream:
        occupied = sum(
            section["sh_size"]
            for section in ELFFile(stream).iter_sections()
            if section["sh_flags"] & 2
        )
    assert found.flash + found.bss == occupied
    assert found.tables == 8 * 4 + 5 * 4
    assert found.code > 100
    assert (found.runtime > 0) == ("d16" not in core.cpu or "sp" in core.cpu)
    assert found.ram == 0


def test_mutable_state_is_counted_as_ram():
    core = TARGETS["cortex-m3"]
    image = link(compile_objects(_source("state.c"), core), core, ["count"])
    assert (sizes(image).data, sizes(image).bss) == (4, 40)


def test_only_what_the_roots_need_is_kept():
    core = TARGETS["cortex-m0plus"]
    objects = compile_objects(KERNELS, core)
    assert sizes(link(objects, core, ["add"])).runtime == 0
    assert sizes(link(objects, core, ["add", "dot"])).runtime > 0


@pytest.mark.parametrize("name", ["avr", "wasm32", "host"])
def test_what_cannot_be_linked_says_so(name):
    target = TARGETS[name]
    objects = compile_objects(KERNELS, target)
    assert objects[0].stat().st_size > 0
    with pytest.raises(ToolchainError, match=f"no image for {name}: "):
        link(objects, target, ROOTS)


def test_a_wasm_object_is_refused_as_no_elf():
    (made,) = compile_objects(KERNELS, TARGETS["wasm32"])
    with pytest.raises(ToolchainError, match="is not an ELF file"):
        undefined_symbols(made)


@pytest.mark.parametrize("name", ["cortex-m4f", "riscv32imc", "host"])
def test_no_path_of_this_computer_gets_into_an_output(name):
    target = TARGETS[name]
    outputs = list(compile_objects(KERNELS, target))
    if name == "host":
        outputs = [build_host(KERNELS, "kernels")]
    else:
        outputs.append(link(outputs, target, ROOTS))
    folders = [str(cache_folder()), str(Path(__file__).parents[1]), str(Path.home()) + "/"]
    for output in outputs:
        content = output.read_bytes()
        assert not [folder for folder in folders if folder.encode() in content], output
        assert b"build-" not in content, output


@pytest.mark.parametrize("name", ["cortex-m", "wasm32", "host"])
def test_warming_twice_compiles_once(name, monkeypatch):
    warm(TARGETS[name])
    monkeypatch.setattr("codegen.toolchain._run_zig", _compiler_called)
    warm(TARGETS[name])


def _compiler_called(*_):
    pytest.fail("the compiler was called again")


def _calls_missing():
    return _source("calls_missing.c")


def _source(name):
    return {name: (DATA / name).read_text(encoding="ascii")}
