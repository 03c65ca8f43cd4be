"""Vector quantisation: a k-means codebook squeezes radio samples into five bits each.

A receiver sees 16 transmitted points, blurred by noise and bent by an amplifier that saturates.
Two floats, in-phase and quadrature, become the number of the nearest of 32 centres: `predict` is
the encoder that goes into the device, the table of centres the decoder of the other side.
"""

import sys
from pathlib import Path

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


def main(out: Path) -> int:
    """From training to C; 1 where the C does not agree."""
    rng = np.random.default_rng(0)
    X, X_test = received(4000, rng), received(4000, rng)
    model = KMeans(N_CODES, n_init=4, random_state=0).fit(X)
    artifact = codegen.export(model, target="cortex-m", name="codebook")
    encoder = artifact.compile()

    title("The codebook")
    bits = int(np.ceil(np.log2(N_CODES)))
    print(f"  {N_CODES} centres, learnt from {len(X)} samples: {bits} bits for what took 64")
    power = float((X_test**2).sum(axis=1).mean())
    errors = {}
    for name, codes in (("Python", model.predict(X_test)), ("C", encoder.predict(X_test))):
        errors[name] = distortion(X_test, model.cluster_centers_[codes])
        ratio = 10 * np.log10(power / errors[name])
        print(
            f"  encoded by {name + ':':<8} mean squared error {errors[name]:.9f}, "
            f"signal to noise {ratio:.4f} dB"
        )
    nearest = encoder.transform(X_test).min(axis=1).astype(np.float64)
    print(f"  the C's own distances say          {(nearest**2).mean():.9f}")
    apart = abs(errors["C"] / errors["Python"] - 1)
    print(f"  the two encoders differ by {apart:.1e} of the error")

    title("Agreement and costs")
    proof = artifact.verify(X_test)
    tell_agreement(proof)
    tell_costs("predict", {"codebook": [artifact.measure(core, X_test) for core in CORES]})
    tell_files(artifact.write(out))
    return 0 if proof.agreement else 1


if __name__ == "__main__":
    sys.exit(main(output_folder("kmeans_codebook", "A k-means codebook, from training to C")))
