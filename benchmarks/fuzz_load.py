"""Mutates model files and reads them: each ends in a model or in codegen's own refusal.

    python benchmarks/fuzz_load.py --count 50000

The seeds are the model files in tests/data. Anything else than a Record or a CodegenError,
a file that takes more than five seconds, or an import of a library that a file names, is a
failure: the file is written to --keep and the exit code is 1.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from codegen.errors import CodegenError
from codegen.load import Record, fingerprint, load
from codegen.load.source import inflated

ROOT = Path(__file__).parent.parent
SEEDS = (ROOT / "tests" / "data" / "sklearn13", ROOT / "tests" / "data" / "versions")
SUFFIXES = (".pkl", ".joblib", ".json", ".ubj", ".txt")
SECONDS = 5.0
FORBIDDEN = ("sklearn", "joblib", "pandas", "xgboost", "lightgbm", "antigravity", "this")
OPCODES = b"(.012FGIJKLMNPQRSTUVXBC]abcdeghijloprstuq})\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89"
OPCODES += bytes(range(0x8A, 0x99))
FRAGMENTS = (
    b"cthis\ns\n",
    b"cos\nsystem\n(Vtrue\ntR",
    b"\x8c\x04this\x8c\x01s\x93",
    b"cbuiltins\neval\n(V1\ntR",
    b"cbuiltins\ngetattr\n",
    b"cnumpy\ndtype\n(VO8\nI00\nI01\ntR",
    b"cnumpy\ndtype\n(VV8\nI00\nI01\ntR",
    b"cnumpy.core.multiarray\n_reconstruct\n",
    b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81",
    b"\xff\xff\xff\x7f",
    b"\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\x00" * 8,
)


def mutations(seeds: list[bytes], rng: random.Random) -> Iterator[bytes]:
    """Model files, each changed in one to four places, without end."""
    while True:
        data = bytearray(rng.choice(seeds))
        for _ in range(rng.randint(1, 4)):
            mutate(data, seeds, rng)
        yield bytes(data)


def mutate(data: bytearray, seeds: list[bytes], rng: random.Random) -> None:
    """Change one place: a bit, a byte, an opcode, a stretch, a fragment, or the end."""
    at = rng.randrange(len(data)) if data else 0
    end = min(len(data), at + rng.choice((1, 2, 4, 8, 64)))
    match rng.randrange(9):
        case 0:
            data[at:end] = rng.randbytes(end - at)
        case 1:
            data[at : at + 1] = bytes([rng.choice(OPCODES)])
        case 2:
            data[at:at] = bytes([rng.choice(OPCODES)])
        case 3:
            del data[at:end]
        case 4:
            data[at:at] = data[at:end]
        case 5:
            data[at:at] = rng.choice(FRAGMENTS)
        case 6:
            data[at:end] = rng.choice(FRAGMENTS)
        case 7:
            other = rng.choice(seeds)
            start = rng.randrange(len(other))
            data[at:end] = other[start : start + rng.choice((8, 64, 512))]
        case 8 if rng.random() < 0.2:
            del data[at:]
        case _:
            data[at : at + 1] = bytes([data[at] ^ (1 << rng.randrange(8))] if data else b"")


def outcome(data: bytes) -> str:
    """What reading the file ends in: "model", or the name of the refusal."""
    try:
        record = load(data)
    except CodegenError as error:
        return type(error).__name__
    assert isinstance(record, Record)
    assert len(fingerprint(record)) == 64
    return "model"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="where a file that fails is written")
    arguments = parser.parse_args()
    files = sorted(p for folder in SEEDS for p in folder.iterdir() if p.suffix in SUFFIXES)
    files = [path for path in files if not path.name.endswith(".answers.json")]
    stored = [path.read_bytes() for path in files]
    seeds = [inflated(data) for data in stored] * 3 + stored
    rng = random.Random(arguments.seed)
    found: Counter[str] = Counter()
    slowest = 0.0
    for _, data in zip(range(arguments.count), mutations(seeds, rng), strict=False):
        start = time.perf_counter()
        try:
            found[outcome(data)] += 1
        except BaseException:
            if arguments.keep:
                arguments.keep.write_bytes(data)
            raise
        slowest = max(slowest, time.perf_counter() - start)
    imported = [name for name in FORBIDDEN if name in sys.modules]
    print(f"files {sum(found.values())}")
    print("\n".join(f"{name} {count}" for name, count in sorted(found.items())))
    print(f"slowest {slowest:.3f} s")
    print(f"imported {imported}")
    return 1 if imported or slowest > SECONDS else 0


if __name__ == "__main__":
    sys.exit(main())
