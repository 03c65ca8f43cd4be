"""Vector quantisation: a k-means codebook squeezes radio samples into five bits each.

A receiver sees 16 transmitted points, blurred by noise and bent by an amplifier that saturates.
Two floats, in-phase and quadrature, become the number of the nearest of 32 centres: `predict` is
the encoder that goes into the device, the table of centres the decoder of the other side.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from story import CORES, output_folder, tell_agreement, tell_costs, tell_files, title

import codegen

Floats = NDArray[np.float64]

N_CODES = 32
LEVELS = np.array([-3.0, -1.0, 1.0, 3.0])


def received(n: int, rng: np.random.Generator) -> Floats:
    """Samples (n, 2) of a 16-point constellation behind a saturating amplifier, with noise."""
    sent = rng.choice(LEVELS, size=(n, 2))
    amplitude = np.linalg.norm(sent, axis=1, keepdims=True)
    saturated = sent / (1 + (amplitude / 5) ** 4) ** 0.25
    return saturated + rng.normal(scale=0.25, size=(n, 2))


def distortion(X: Floats, decoded: Floats) -> float:
    """The mean squared distance between samples and what the decoder makes of their codes."""
    return float(((X - decoded) ** 2).sum(axis=1).mean())


def tell_errors(model: KMeans, encoder: Any, X: Floats) -> None:
    """What is lost, encoded by Python and by the C, and what the C's distances say of it."""
    power = float((X**2).sum(axis=1).mean())
    for name, codes in (("Python", model.predict(X)), ("the C", encoder.predict(X))):
        error = distortion(X, model.cluster_centers_[codes])
        below = f"{10 * np.log10(power / error):.4f} dB below the signal"
        print(f"  encoded by {name:<7} mean squared error {error:.9f}, {below}")
    nearest = encoder.transform(X).min(axis=1).astype(np.float64)
    print(f"  by the C's own distances            {(nearest**2).mean():.9f}")
    differing = int((model.predict(X) != encoder.predict(X)).sum())
    print(f"  {differing} of {len(X):,} samples get another code from the C")


def main(out: Path) -> int:
    """From training to C; 1 where the C does not agree."""
    rng = np.random.default_rng(0)
    X, X_test = received(4000, rng), received(4000, rng)
    model = KMeans(N_CODES, n_init=4, random_state=0).fit(X)
    artifact = codegen.export(model, target="cortex-m", name="codebook")

    title("The codebook, on samples it has never seen")
    bits = int(np.ceil(np.log2(N_CODES)))
    print(f"  {N_CODES} centres, learnt from {len(X):,} samples: {bits} bits for two floats of 32")
    tell_errors(model, artifact.compile(), X_test)

    title("Agreement and costs")
    proof = artifact.verify(X_test)
    tell_agreement(proof)
    tell_costs("predict", {"codebook": [artifact.measure(core, X_test) for core in CORES]})
    tell_files(artifact.write(out))
    return 0 if proof.agreement else 1


if __name__ == "__main__":
    sys.exit(main(output_folder("kmeans_codebook", "A k-means codebook, from training to C")))
