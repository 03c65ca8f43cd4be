"""Hostile model files are refused quickly, and nothing in them is executed."""

import bz2
import gzip
import io
import lzma
import pickle
import pickletools
import re
import struct
import subprocess
import sys
import time
import zlib
from copy import copy
from pathlib import Path

import joblib
import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from codegen.errors import UnsafeModel
from codegen.load import Reference, limits, load, source

ROOT = Path(__file__).parent.parent
SECONDS = 5.0
PLACE = "@@THE PLACE OF THE PAYLOAD@@"

TRAP = """
import copyreg, os, pathlib

def fire(*args, **names):
    pathlib.Path(os.environ["CANARY"]).touch()
    return "fired"

class Trap:
    def __new__(cls, *args, **names):
        fire()
        return object.__new__(cls)

class Sub(Trap):
    pass

class Setter:
    def __setstate__(self, state):
        fire()

SETTER = Setter()
copyreg.add_extension("trap", "fire", 0x11)
copyreg.add_extension("trap", "fire2", 0x1122)
copyreg.add_extension("trap", "fire4", 0x11223344)
fire2 = fire4 = fire
"""

# Each pushes one value, and runs code on the way where pickle itself reads it.
CALLS = {
    "REDUCE": b"ctrap\nfire\n)R",
    "GLOBAL": b"cos\nsystem\n(Vtouch $CANARY\ntR",
    "STACK_GLOBAL": b"\x8c\x04trap\x8c\x04fire\x93)R",
    "NEWOBJ": b"ctrap\nTrap\n)\x81",
    "NEWOBJ_EX": b"ctrap\nTrap\n)}\x92",
    "NEWOBJ_EX names": b"ctrap\nTrap\n)}X\x01\x00\x00\x00aNs\x92",
    "INST": b"(Nitrap\nfire\n",
    "OBJ": b"(ctrap\nfire\nNo",
    "BUILD": b"ctrap\nSETTER\n}X\x01\x00\x00\x00aNsb",
    "EXT1": b"\x82\x11)R",
    "EXT2": b"\x83\x22\x11)R",
    "EXT4": b"\x84\x44\x33\x22\x11)R",
    "PERSID": b"Pfire\n",
    "BINPERSID": b"NQ",
    "getattr": b"cbuiltins\ngetattr\n(cbuiltins\n__import__\n(Vtrap\ntRVfire\ntR)R",
    "partial": b"cfunctools\npartial\n(ctrap\nfire\ntR)R",
    "reconstructor": b"ccopy_reg\n_reconstructor\n(ctrap\nSub\nctrap\nTrap\nNtR",
}


def text_opcode(value):
    """How protocols 1 to 3 write a text."""
    encoded = value.encode()
    return b"X" + struct.pack("<I", len(encoded)) + encoded


def replaced(stream, payload):
    """The stream with the payload in the place of the marked text."""
    assert stream.count(text_opcode(PLACE)) == 1
    return stream.replace(text_opcode(PLACE), payload)


MODEL = LogisticRegression(max_iter=20, tol=0.5).fit(*load_iris(return_X_y=True))


def fitted(value):
    """A genuine model that carries a value."""
    model = copy(MODEL)
    model.note_ = value
    return model


def joblibbed(value, protocol=2):
    stream = io.BytesIO()
    joblib.dump(value, stream, protocol=protocol)
    return stream.getvalue()


def alone(payload):
    return b"\x80\x02" + payload + b"."


def in_model(payload):
    return replaced(pickle.dumps(fitted(PLACE), 2), payload)


def in_joblib(payload):
    return replaced(joblibbed(fitted(PLACE)), payload)


def compressed(payload):
    return zlib.compress(in_joblib(payload))


def in_object_array(payload):
    return replaced(pickle.dumps(fitted(np.array([1, PLACE], dtype=object)), 2), payload)


def in_joblib_object_array(payload):
    """joblib writes an object array as a pickle of its own inside the file."""
    array = np.array([1, PLACE], dtype=object)
    genuine, forged = pickle.dumps(array, 5), replaced(pickle.dumps(array, 2), payload)
    stream = joblibbed(fitted(array))
    assert stream.count(genuine) == 1
    return stream.replace(genuine, forged)


CARRIERS = {
    f.__name__: f
    for f in (alone, in_model, in_joblib, compressed, in_object_array, in_joblib_object_array)
}
CASES = [(call, carrier) for call in CALLS for carrier in CARRIERS]

CONTROL = """
import io, os, pathlib, pickle, sys, joblib
import trap

pickle._Unpickler.persistent_load = lambda self, key: trap.fire()

class Unpickler(pickle.Unpickler):
    def persistent_load(self, key):
        return trap.fire()

canary = pathlib.Path(os.environ["CANARY"])
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    canary.unlink(missing_ok=True)
    try:
        if "joblib" in path.name or "compressed" in path.name:
            joblib.load(path)
        else:
            Unpickler(path.open("rb")).load()
    except Exception:
        pass
    print(path.name, canary.exists())
"""


@pytest.fixture
def trap(tmp_path, monkeypatch):
    """The canary file; a module that touches it could be imported."""
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "trap.py").write_text(TRAP)
    monkeypatch.syspath_prepend(folder)
    canary = tmp_path / "canary"
    monkeypatch.setenv("CANARY", str(canary))
    yield canary
    assert not canary.exists()
    assert "trap" not in sys.modules


def refuse(data, match=None):
    """Assert that the file is refused, in time."""
    start = time.perf_counter()
    with pytest.raises(UnsafeModel, match=match) as caught:
        load(data)
    assert time.perf_counter() - start < SECONDS
    message = str(caught.value)
    assert "executed" in message
    assert message.isascii()
    assert message.isprintable()
    assert len(message) < 800
    return message


@pytest.mark.parametrize(("call", "carrier"), CASES)
def test_calls_are_refused(call, carrier, trap):
    refuse(CARRIERS[carrier](CALLS[call]))


def test_the_same_files_fire_when_they_are_really_unpickled(tmp_path):
    """The positive control: without it the tests above could pass on harmless files."""
    folder, files = tmp_path / "modules", tmp_path / "files"
    folder.mkdir()
    files.mkdir()
    (folder / "trap.py").write_text(TRAP)
    for call, carrier in CASES:
        (files / f"{call}-{carrier}").write_bytes(CARRIERS[carrier](CALLS[call]))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CONTROL, files],
        env={"PYTHONPATH": str(folder), "CANARY": str(tmp_path / "canary"), "PATH": "/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    told = dict(line.rsplit(" ", 1) for line in done.stdout.splitlines())
    assert len(told) == len(CASES)
    assert [name for name, fired in told.items() if fired != "True"] == []


def test_a_name_alone_is_neither_imported_nor_refused(trap):
    for write in (in_model, in_joblib, compressed, in_object_array, in_joblib_object_array):
        for payload in (b"ctrap\nfire\n", b"\x8c\x04trap\x8c\x04fire\x93"):
            note = load(write(payload)).note_
            found = note if isinstance(note, Reference) else note[1]
            assert found == Reference("trap", "fire")


def test_the_place_of_a_refused_call_is_named(trap):
    message = refuse(in_object_array(CALLS["NEWOBJ"]), match=r"^note_\[1\]: trap\.Trap cannot")
    assert "NEWOBJ" in message


@pytest.mark.parametrize(
    "payload",
    [
        b"cnumpy.f2py.crackfortran\ngetlincoef\n(V1\nVx\ntR",
        b"cnumpy.testing._private.utils\nrunstring\n(Vx=1\n}tR",
        b"cnumpy\nload\n(V/etc/passwd\ntR",
        b"cnumpy\nmemmap\n(V/etc/passwd\ntR",
        b"csklearn.datasets\nfetch_openml\n)R",
        b"csklearn.utils._testing\ncheck_call\n)R",
        b"csklearn.base\nos\nVx\nb",
        b"csys\nmodules\nVx\nNs",
        b"ctimeit\ntimeit\n(V1\ntR",
        b"cbuiltins\neval\n(V1\ntR",
        b"ccollections\ndefaultdict\n(cos\nsystem\ntR)R",
        b"csklearn.neighbors._kd_tree\nnewObj\n(cos\nsystem\ntR",
        b"csklearn._loss._loss\n__pyx_unpickle_X\n(cos\nsystem\nI1\nNtR",
        b"ccopy_reg\n__newobj__\n(cos\nsystem\ntR",
        b"csklearn.utils._bunch\nBunch\n)\x81}V__setstate__\ncos\nsystem\nsb",
        b"csklearn.svm._classes\nSVC\n)\x81}Va\nNsb}Va\nNsb",
        b"csklearn.svm._classes\nSVC\n)\x81)R",
        b"csklearn.svm._classes\nSVC.fit\n",
        b"\x8c\x0csklearn.base\x8c\x09os.system\x93",
        b"cpandas.core.frame\nDataFrame\n)\x81",
        b"\x97",
        b"\x98",
    ],
)
def test_other_ways_to_call_are_refused(payload, trap):
    refuse(in_model(payload))


DTYPE = b"cnumpy\ndtype\n(V%s\n\x89\x88tR"
STRUCT = DTYPE % b"V8" + b"(K\x03V|\nN(Va\nt}Va\n(" + DTYPE
ARRAY = (
    b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\x00\x85C\x01btR"
    b"(K\x01(%bt%b\x89%bt" + b"b"
)
NATIVE = b"(K\x03V<\nNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"


def struct_dtype(code, offset, size, flags):
    """A dtype of one field, as numpy's dtype state writes it."""
    order = b"(K\x03V|\nNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x3ftb"
    field = DTYPE % code + order + b"K%c" % offset
    return DTYPE % b"V8" + b"(K\x03V|\nN(Va\nt}Va\n(" + field + b"tsK%cK\x01K%ctb" % (size, flags)


FORGED_ARRAYS = {
    "object read from bytes": (b"K\x01", DTYPE % b"O8" + NATIVE, b"C\x08AAAAAAAA"),
    "object in a struct, flags cleared": (b"K\x01", struct_dtype(b"O8", 0, 8, 0), b"C\x08AAAAAAAA"),
    "field outside": (b"K\x01", struct_dtype(b"f8", 4, 8, 0), b"C\x08AAAAAAAA"),
    "field larger than its item": (b"K\x01", struct_dtype(b"f8", 0, 4, 0), b"C\x04AAAA"),
    "no size": (b"K\x01", struct_dtype(b"f8", 0, 0, 0), b"C\x00"),
    "empty text": (b"\x8a\x08" + b"\x00" * 7 + b"\x10", DTYPE % b"U0" + NATIVE, b"C\x00"),
    "beyond Unicode": (b"K\x01", DTYPE % b"U2" + NATIVE, b"C\x08AAAAAAAA"),
    "bool of 65": (b"K\x08", DTYPE % b"b1" + NATIVE, b"C\x08AAAAAAAA"),
    "unknown kind": (b"K\x01", DTYPE % b"q8" + NATIVE, b"C\x08AAAAAAAA"),
    "long double": (b"K\x01", DTYPE % b"f16" + NATIVE, b"C\x10" + bytes(16)),
    "kind of a huge size": (b"K\x01", DTYPE % b"U9999999" + NATIVE, b"C\x08AAAAAAAA"),
    "unfinished dtype": (b"K\x01", DTYPE % b"f8", b"C\x08AAAAAAAA"),
    "shape of 2^60": (
        b"\x8a\x08" + b"\x00" * 7 + b"\x10",
        DTYPE % b"f8" + NATIVE,
        b"C\x08AAAAAAAA",
    ),
    "shape that lies": (b"K\x02", DTYPE % b"f8" + NATIVE, b"C\x08AAAAAAAA"),
    "shape that wraps": (b"\x8a\x05\x00\x00\x00\x00\x01" * 2, DTYPE % b"f8" + NATIVE, b"C\x00"),
    "negative shape": (b"J\xff\xff\xff\xff", DTYPE % b"f8" + NATIVE, b"C\x08AAAAAAAA"),
    "shape of text": (b"V1\n", DTYPE % b"f8" + NATIVE, b"C\x08AAAAAAAA"),
    "too many dimensions": (b"K\x01" * 40, DTYPE % b"f8" + NATIVE, b"C\x08AAAAAAAA"),
}


@pytest.mark.parametrize("name", FORGED_ARRAYS)
def test_forged_arrays_are_refused(name):
    refuse(in_model(ARRAY % FORGED_ARRAYS[name]))


def test_the_array_template_itself_is_sound():
    genuine = ARRAY % (b"K\x01", DTYPE % b"f8" + NATIVE, b"C\x08AAAAAAAA")
    assert load(in_model(genuine)).note_.tobytes() == b"AAAAAAAA"
    struct_array = ARRAY % (b"K\x01", struct_dtype(b"f8", 0, 8, 0), b"C\x08AAAAAAAA")
    assert load(in_model(struct_array)).note_["a"].tobytes() == b"AAAAAAAA"


WRAPPER = (
    b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(Vsubclass\ncnumpy\nndarray\nVshape\n%b"
    b"Vorder\nVC\nVdtype\n%bVnumpy_array_alignment_bytes\nNub"
)


@pytest.mark.parametrize(
    ("shape", "dtype", "content"),
    [
        (b"K\x02\x85", DTYPE % b"f8" + NATIVE, b"AAAAAAAA"),
        (b"\x8a\x08" + b"\x00" * 7 + b"\x10\x85", DTYPE % b"f8" + NATIVE, b"AAAAAAAA"),
        (b"K\x01\x85", struct_dtype(b"O8", 0, 8, 0), b"AAAAAAAA"),
        (b"K\x01\x85", DTYPE % b"O8" + NATIVE, b"\x80\x02K\x01."),
        (b"N", DTYPE % b"f8" + NATIVE, b"AAAAAAAA"),
        (b"K\x01\x85", b"N", b"AAAAAAAA"),
    ],
)
def test_forged_joblib_arrays_are_refused(shape, dtype, content):
    refuse(alone(WRAPPER % (shape, dtype) + content))


def test_pickles_in_pickles_have_an_end():
    wrapper = WRAPPER % (b"K\x01\x85", DTYPE % b"O8" + NATIVE)
    refuse(alone(wrapper * 5000), match="pickles inside pickles")


SCALER = b"csklearn.preprocessing._data\nStandardScaler\n)\x81}Va\n"


def repeated(start, part, count, end=b""):
    return start + part * count + end


BOMBS = {
    "deep lists": b"\x80\x02" + SCALER + b"]" * 500_000 + b"a" * 499_999 + b"sb.",
    "deep lists by memo": b"\x80\x02" + SCALER + b"]" + b"q\x000]h\x00a" * 300_000 + b"sb.",
    "deep tuples": b"\x80\x02" + SCALER + b")" + b"\x85" * 500_000 + b"sb.",
    "deep dictionaries": b"\x80\x02" + SCALER + b"}" + b"q\x000}Nh\x00s" * 200_000 + b"sb.",
    "deep objects": b"\x80\x02"
    + SCALER
    + b"N"
    + b"q\x000csklearn.svm\nSVC\n)\x81}Va\nh\x00sb" * 50_000
    + b"sb.",
    "deep marks": b"\x80\x02" + b"(" * 500_000 + b".",
    "stack": b"\x80\x02" + b"N" * 2_000_000 + b".",
    "laughing lists": b"\x80\x02" + SCALER + b"]" + b"q\x000]h\x00ah\x00a" * 100 + b"sb.",
    "laughing tuples": b"\x80\x02" + SCALER + b")" + b"2\x86" * 100 + b"sb.",
    "laughing key": b"\x80\x02" + SCALER + b"}N" + b"2\x86" * 60 + b"Nssb.",
    "laughing set": b"\x80\x02" + SCALER + b"\x8f(N" + b"2\x86" * 60 + b"\x90sb.",
    "list in itself": b"\x80\x02" + SCALER + b"]q\x00h\x00asb.",
    "dictionary in itself": b"\x80\x02" + SCALER + b"}q\x00Nh\x00ssb.",
    "object in itself": b"\x80\x02csklearn.svm\nSVC\n)\x81q\x00}Va\nh\x00sb.",
    "tuple in itself": b"\x80\x02" + SCALER + b"]q\x00h\x00\x85asb.",
    "array in itself": b"\x80\x02"
    + SCALER
    + ARRAY.replace(b"btR", b"btRq\x00") % (b"K\x01", DTYPE % b"O8" + NATIVE, b"]h\x00a")
    + b"sb.",
    "bytes of 2^40": b"\x80\x04" + SCALER + b"\x8e" + struct.pack("<Q", 1 << 40) + b"xsb.",
    "text of 2^31": b"\x80\x02" + SCALER + b"X" + struct.pack("<I", (1 << 31) - 1) + b"xsb.",
    "bytearray of 2^62": b"\x80\x05" + SCALER + b"\x96" + struct.pack("<Q", 1 << 62) + b"xsb.",
    "memo index": b"\x80\x02" + SCALER + b"Nr" + struct.pack("<I", (1 << 31) - 1) + b"sb.",
    "memo index in digits": b"\x80\x02" + SCALER + b"Np99999999999999999999999999\nsb.",
    "memo index below zero": b"\x80\x02" + SCALER + b"Np-1\nsb.",
    "memo never stored": b"\x80\x02" + SCALER + b"j\xff\xff\x00\x00sb.",
    "long integer": b"\x80\x02" + SCALER + b"\x8b\xff\xff\xff\x7f" + bytes(1000) + b"sb.",
    "long integer below zero": b"\x80\x02" + SCALER + b"\x8b\xff\xff\xff\xff" + bytes(100) + b"sb.",
    "digits": b"\x80\x02" + SCALER + b"L" + b"9" * 1_000_000 + b"L\nsb.",
    "long name": b"\x80\x02" + SCALER + b"c" + b"a" * 1_000_000 + b"\nb\nsb.",
    "operations": b"\x80\x02" + SCALER + b"N0" * 3_000_000 + b"Nsb.",
    "sets of one list": b"\x80\x02"
    + SCALER
    + b"]("
    + b"N" * 100_000
    + b"eq\x00"
    + b"0cbuiltins\nset\nh\x00\x85R" * 20_000
    + b"sb.",
    "states of one dictionary": b"\x80\x02}("
    + b"".join(b"V%d\nN" % i for i in range(50_000))
    + b"uq\x000"
    + b"csklearn.svm\nSVC\n)\x81h\x00b0" * 20_000
    + SCALER
    + b"Nsb.",
    "bytes of one text": b"\x80\x02X"
    + struct.pack("<I", 10_000_000)
    + b"a" * 10_000_000
    + b"q\x000"
    + b"c_codecs\nencode\n(h\x00Vlatin1\ntR0" * 10_000
    + b"N.",
    "names of one text": b"\x80\x04X"
    + struct.pack("<I", 10_000_000)
    + b"a" * 10_000_000
    + b"q\x000"
    + b"h\x00h\x00\x930" * 20_000
    + b"N.",
    "keys of one long text": b"\x80\x02}q\x000"
    + (b"X" + struct.pack("<I", 1_000_000) + b"a" * 1_000_000 + b"q\x010") * 2
    + b"h\x00h\x01Ns0" * 1_000
    + b"N.",
    "arguments of one tuple": b"\x80\x02(csklearn.svm\nSVC\n"
    + b"N" * 100_000
    + b"tq\x000"
    + b"csklearn.neighbors._kd_tree\nnewObj\nh\x00R" * 20_000
    + b"N.",
    "shapes of one tuple": b"\x80\x02("
    + b"K\x01" * 100_000
    + b"tq\x000"
    + b"cnumpy.core.numeric\n_frombuffer\n(C\x01a%bh\x00VC\ntR0" % (DTYPE % b"i1" + NATIVE) * 1_000
    + b"N.",
    "range": b"\x80\x02"
    + SCALER
    + b"cbuiltins\nrange\n(K\x00\x8a\x08"
    + b"\xff" * 7
    + b"\x0fK\x01tRsb.",
    "frame": b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\xff.",
    "protocol": b"\x80\x06N.",
    "no opcode": b"\x80\x02\xff.",
    "nothing": b"",
    "only the header": b"\x80\x02",
    "only the end": b".",
    "two values": b"\x80\x02NN.",
    "left behind": b"\x80\x02N.N.",
    "bad UTF-8": b"\x80\x02X\x01\x00\x00\x00\xff.",
    "array as key": b"\x80\x02" + SCALER + b"}]Nssb.",
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_and_nonsense_are_refused(name):
    refuse(BOMBS[name])


def test_tuples_as_keys_are_counted():
    pairs = b"".join(b"I%d\nN\x86N" % i for i in range(limits.TUPLE_KEYS + 1))
    refuse(b"\x80\x02" + SCALER + b"}(" + pairs + b"usb.", match="tuples used as keys")


@pytest.mark.parametrize("wbits", [15, 31])
def test_a_zlib_bomb_of_300_megabytes_is_refused(wbits):
    machine = zlib.compressobj(1, zlib.DEFLATED, wbits)
    zeros = bytes(1 << 20)
    data = b"".join([*(machine.compress(zeros) for _ in range(300)), machine.flush()])
    assert len(data) < 2_000_000
    refuse(data, match="after decompression")


@pytest.mark.parametrize("compress", [gzip.compress, zlib.compress, bz2.compress, lzma.compress])
def test_inflation_stops_at_the_cap(compress, monkeypatch):
    model = pickle.dumps(fitted("x" * 3_000_000))
    assert load(compress(model)).path.endswith("LogisticRegression")
    monkeypatch.setattr(source, "INFLATED_BYTES", 1 << 20)
    refuse(compress(model), match="after decompression")


def test_a_large_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "large.pkl"
    with path.open("wb") as stream:
        stream.truncate(limits.FILE_BYTES + 1)
    refuse(path, match="bytes in the file")


@pytest.mark.parametrize(
    "compress", [bytes, gzip.compress, zlib.compress, bz2.compress, lzma.compress]
)
def test_truncated_files_are_refused(compress):
    data = compress(joblibbed(fitted("x"), protocol=5))
    for length in [*range(0, len(data), max(1, len(data) // 60)), len(data) - 1]:
        refuse(data[:length])


def test_names_from_the_file_are_cut_and_escaped():
    message = refuse(
        in_model(b"c__main__\n" + b"\xc3\xa9\x1b[2J" * 20 + b"\n)R"), match="not plain"
    )
    assert "\x1b" not in message
    long = refuse(in_model(b"c__main__\n" + b"A" * 200 + b"\n)R"), match=r"A\.\.\. cannot be read")
    assert len(re.findall("A{81}", long)) == 0


def test_every_opcode_of_pickle_is_known():
    from codegen.load.opcodes import STEPS, STOP

    assert {ord(op.code) for op in pickletools.opcodes} == set(STEPS) | {STOP}


def test_nothing_else_is_in_the_trap_model(trap):
    """The carrier itself loads, so that a refusal is due to the payload."""
    for write in (in_model, in_joblib, compressed, in_object_array, in_joblib_object_array):
        note = load(write(b"K\x2a")).note_
        assert (note[1] if isinstance(note, np.ndarray) else note) == 42


def fuzz(count, seed):
    command = [sys.executable, "benchmarks/fuzz_load.py", f"--count={count}", f"--seed={seed}"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    assert f"files {count}".encode() in done.stdout
    assert b"\nmodel " in done.stdout


def test_mutated_files_end_in_a_model_or_a_refusal():
    fuzz(4_000, seed=1)


@pytest.mark.slow
def test_fifty_thousand_mutated_files_end_in_a_model_or_a_refusal():
    fuzz(50_000, seed=2)


def test_scaler_template_itself_is_sound():
    record = load(b"\x80\x02" + SCALER + b"Nsb.")
    assert record.path == "sklearn.preprocessing.StandardScaler"
    assert record.a is None
    assert load(pickle.dumps(StandardScaler())).path == record.path
