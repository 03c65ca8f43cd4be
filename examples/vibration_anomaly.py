"""Vibration: a one-class SVM learns healthy bearings, and a C program on its own spots worn ones.

A worn bearing strikes once a turn: short bursts of a high tone over the hum of the shaft. Six
numbers for each window of samples tell it. Only healthy windows are trained on. At the end
vibration/main.c is compiled with the export and fed rows, as firmware would be.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import OneClassSVM
from story import CORES, output_folder, tell_agreement, tell_costs, tell_files, title

import codegen

Floats = NDArray[np.float64]

PROGRAM = Path(__file__).parent / "vibration" / "main.c"
FLAGS = "-std=c99 -O2 -s -Wall -Wextra -Wconversion -Wdouble-promotion -Wshadow -pedantic -Werror"
RATE_HZ = 10_000
N_SAMPLES = 1024
SHAFT_HZ = 30
STRIKE_HZ = 107
RINGING_HZ = 3_200
BANDS_HZ = ((0, 500), (500, 2_000), (2_000, 5_000))
SEVERITIES = (0.0, 0.2, 0.4, 0.8, 1.6)


def windows(n: int, severity: float, rng: np.random.Generator) -> Floats:
    """Accelerations (n, N_SAMPLES): the shaft, noise, and strikes of the given height."""
    t = np.arange(N_SAMPLES) / RATE_HZ
    load = rng.uniform(0.8, 1.2, size=(n, 1))
    turn = rng.uniform(0, 2 * np.pi, size=(n, 1))
    hum = load * (np.sin(2 * np.pi * SHAFT_HZ * t + turn) + 0.3 * np.sin(6 * np.pi * SHAFT_HZ * t))
    since = (t + rng.uniform(0, 1 / STRIKE_HZ, size=(n, 1))) % (1 / STRIKE_HZ)
    ringing = np.exp(-since * 1_500) * np.sin(2 * np.pi * RINGING_HZ * since)
    return hum + severity * load * ringing + rng.normal(scale=0.15, size=(n, N_SAMPLES))


def features(window: Floats) -> Floats:
    """RMS, crest factor, kurtosis and log10 of the energy in each band: (n, 6)."""
    centred = window - window.mean(axis=1, keepdims=True)
    rms = np.sqrt((centred**2).mean(axis=1))
    crest = np.abs(centred).max(axis=1) / rms
    kurtosis = (centred**4).mean(axis=1) / rms**4
    power = np.abs(np.fft.rfft(centred, axis=1)) ** 2 / N_SAMPLES
    hertz = np.fft.rfftfreq(N_SAMPLES, 1 / RATE_HZ)
    bands = [power[:, (hertz >= low) & (hertz < high)].sum(axis=1) for low, high in BANDS_HZ]
    return np.column_stack([rms, crest, kurtosis, *np.log10(bands)])


def answers_of_program(out: Path, X: Floats) -> list[tuple[int, np.float32]]:
    """Compile vibration/main.c with the exported C, feed it rows; its labels and scores."""
    program = (out / "vibration_main").absolute()
    sources = (str(PROGRAM), str(out / "vibration.c"))
    compiler = (sys.executable, "-m", "ziglang", "cc", *FLAGS.split(), f"-I{out}")
    subprocess.run((*compiler, *sources, "-o", str(program)), check=True)
    rows = "".join(" ".join(f"{value:.9g}" for value in row) + "\n" for row in X.astype(np.float32))
    said = subprocess.run([program], input=rows, capture_output=True, text=True, check=True)
    pairs = (line.split() for line in said.stdout.splitlines())
    return [(int(label), np.float32(score)) for label, score in pairs]


def tell_program(out: Path, model: Any, in_c: Any, X: Floats) -> bool:
    """The program's answers beside Python's; whether labels, and the bits of the scores, agree."""
    X = X.astype(np.float32).astype(np.float64)
    found = answers_of_program(out, X)
    print("  Python's label and score        the program's")
    for label, score, (own_label, own_score) in zip(
        model.predict(X), model.decision_function(X), found, strict=True
    ):
        print(f"  {label:>+3} {score:>+20.9f}        {own_label:>+3} {own_score:>+20.9f}")
    labels = [label for label, _ in found] == model.predict(X).tolist()
    scores = [score for _, score in found] == in_c.decision_function(X).tolist()
    print(f"  same labels as Python: {'yes' if labels else 'NO'}; ", end="")
    print(f"same bits as the export called from Python: {'yes' if scores else 'NO'}")
    return labels and scores


def main(out: Path) -> int:
    """From training to a C program; 1 where the C does not agree."""
    rng = np.random.default_rng(0)
    healthy = features(windows(600, 0.0, rng))
    model = make_pipeline(StandardScaler(), OneClassSVM(nu=0.02, gamma=0.05)).fit(healthy)
    artifact = codegen.export(model, target="cortex-m", name="vibration")
    in_c = artifact.compile()
    print(f"{len(healthy)} healthy windows of {N_SAMPLES} samples to learn from, none worn")
    print(f"{len(model[-1].support_vectors_)} support vectors of {healthy.shape[1]} features")

    title("What the C detects, on 300 unseen windows for each wear")
    unseen = {severity: features(windows(300, severity, rng)) for severity in SEVERITIES}
    for severity, X in unseen.items():
        alarms = np.mean(in_c.predict(X) == -1)
        name = "false alarms, healthy" if severity == 0 else f"strikes of {severity} of the hum"
        print(f"  {name:<28} {alarms:>7.2%} called worn")

    title("Agreement and costs")
    proof = artifact.verify(np.vstack(list(unseen.values())))
    tell_agreement(proof)
    tell_costs("predict", {"vibration": [artifact.measure(core, healthy) for core in CORES]})
    written = artifact.write(out)

    title("A C program of its own: vibration/main.c, compiled with zig cc")
    few = np.vstack([X[:2] for X in unseen.values()])
    same = tell_program(out, model, in_c, few)
    tell_files(written)
    return 0 if proof.agreement and same else 1


if __name__ == "__main__":
    sys.exit(main(output_folder("vibration_anomaly", "Worn bearings, from training to C")))
