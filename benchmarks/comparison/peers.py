"""Makes C with one of the other tools; runs in their own environment, in a process of its own.

python peers.py TOOL MODEL.pkl RESULT.json

The result holds the sources (file name -> text), the compiler's flags, how the function is
called, and the seconds that the tool took; or the words of its failure.
"""

import json
import pickle
import re
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

C_FOLDER = Path(__file__).parent / "c"
CPP = ["-x", "c++", "-std=c++17", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics"]
FORMAT = {"float": "<f4", "double": "<f8", "int16_t": "<i2"}
RETURNED = {"int": "int32", "int32_t": "int32", "float": "float", "double": "double"}

LONG_SECONDS = 5.0

Made = dict[str, Any]


def rendered(name: str, **values: Any) -> str:
    """A snippet of c/ with its values filled in."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True)
    return environment.from_string((C_FOLDER / name).read_text("ascii")).render(**values)


def is_classifier(model: Any) -> bool:
    return hasattr(model, "classes_")


def made(sources: dict[str, str], flags: list[str] | None = None, **call: Any) -> Made:
    """The tool's C beside the headers that a freestanding compiler lacks, and the call."""
    shims = {p.name: p.read_text("ascii") for p in sorted((C_FOLDER / "include").iterdir())}
    shims["math.c"] = (C_FOLDER / "math.c").read_text("ascii")
    usual = {"arguments": [], "returns": None, "output": None}
    return {"sources": shims | sources, "flags": ["-I.", *(flags or [])], "call": usual | call}


def m2cgen(model: Any) -> Made:
    from m2cgen import export_to_c

    text = export_to_c(model, function_name="score")
    call: dict[str, Any] = {"symbol": "score", "input": "<f8"}
    if "double score(" in text:
        decide = "positive" if is_classifier(model) else "value"
        return made({"model.c": text}, **call, returns="double", decide=decide)
    count = int(re.findall(r"memcpy\(output, .*?(\d+) \* sizeof\(double\)\)", text, re.DOTALL)[-1])
    decide = "pairs" if type(model).__name__ == "SVC" else "argmax"
    return made({"model.c": text}, **call, output=["<f8", count], decide=decide)


def micromlgen(model: Any) -> Made:
    from micromlgen import port

    text = port(model)
    result = "int" if is_classifier(model) else "float"
    name = re.findall(r"class (\w+)", text)[0]
    call = rendered("call_micromlgen.cpp.j2", class_name=name, result=result)
    decide = "index" if is_classifier(model) else "value"
    sources = {"ported.h": text, "call.c": call}
    returns = RETURNED[result]
    return made(sources, CPP, symbol="ported_predict", input="<f4", returns=returns, decide=decide)


def emlearn(model: Any, method: str, dtype: str) -> Made:
    import emlearn as tool

    converted = tool.convert(model, method=method, dtype=dtype)
    options = {"inference": [method]} if type(model).__name__.startswith("MLP") else {}
    text = converted.save(name="model", **options)
    found = re.search(r"(\w+)\s+model_predict\(const (\w+) \*", text)
    if found is None:
        raise ValueError("the C that was made has no model_predict")
    package = Path(tool.__file__).parent
    headers = {p.name: p.read_text("utf-8") for p in sorted(package.glob("eml_*.h"))}
    return made(
        headers | {"model.c": text},
        symbol="model_predict",
        input=FORMAT[found[2]],
        arguments=[int(model.n_features_in_)],
        returns=RETURNED[found[1]],
        decide="index" if is_classifier(model) else "value",
    )


def tl2cgen(model: Any) -> Made:
    from tl2cgen import generate_c_code
    from treelite import frontend, sklearn

    is_xgboost = type(model).__name__.startswith("XGB")
    read = frontend.from_xgboost(model.get_booster()) if is_xgboost else sklearn.import_model(model)
    with tempfile.TemporaryDirectory() as folder:
        generate_c_code(read, dirpath=folder, params={})
        paths = [p for p in sorted(Path(folder).iterdir()) if p.suffix in (".c", ".h")]
        sources = {p.name: p.read_text("utf-8") for p in paths}
    count = int(re.search(r"MAX_N_CLASS (\d+)", sources["header.h"])[1])
    number = re.search(r"(\w+)\* result\)", sources["header.h"])[1]
    entry = re.search(r"(\w+) fvalue", sources["header.h"])[1]
    sources["call.c"] = rendered("call_tl2cgen.c.j2", number=number, count=count)
    return made(
        sources,
        symbol="call_predict",
        input=FORMAT[entry],
        output=[FORMAT[number], count],
        decide="value" if not is_classifier(model) else "argmax" if count > 1 else "positive",
    )


def timber(model: Any) -> Made:
    from timber.codegen.c99 import C99Emitter, TargetSpec
    from timber.frontends import parse_model
    from timber.optimizer import OptimizerPipeline

    with tempfile.TemporaryDirectory() as folder:
        is_xgboost = type(model).__name__.startswith("XGB")
        path = Path(folder) / ("model.json" if is_xgboost else "model.pkl")
        if is_xgboost:
            model.save_model(path)
        else:
            path.write_bytes(pickle.dumps(model))
        read = OptimizerPipeline().run(parse_model(path)).ir
    text = C99Emitter(TargetSpec.for_embedded("cortex-m4")).emit(read)
    count = int(re.search(r"TIMBER_N_OUTPUTS\s+(\d+)", text.model_h)[1])
    sources = {"model.c": text.model_c, "model.h": text.model_h}
    if '#include "model_data.c"' in text.model_c:
        sources["included_data.h"] = text.model_data_c
        sources["model.c"] = text.model_c.replace("model_data.c", "included_data.h")
    return made(
        sources,
        symbol="timber_infer_single",
        input="<f4",
        output=["<f4", count],
        decide="value" if not is_classifier(model) else "argmax" if count > 1 else "half",
    )


TOOLS: dict[str, Callable[[Any], Made]] = {
    "emlearn inline float": lambda model: emlearn(model, "inline", "float"),
    "emlearn inline int16": lambda model: emlearn(model, "inline", "int16_t"),
    "emlearn loadable": lambda model: emlearn(model, "loadable", "int16_t"),
    "m2cgen": m2cgen,
    "micromlgen": micromlgen,
    "tl2cgen": tl2cgen,
    "timber": timber,
}


def words(error: BaseException) -> str:
    """Kind and text of an error, on one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())


def timed(make: Callable[[Any], Made], model: Any) -> Made:
    """What was made, and how long it took: the second time, unless the first was long."""
    for _ in range(2):
        start = time.perf_counter()
        result = make(model)
        result["seconds"] = time.perf_counter() - start
        if result["seconds"] > LONG_SECONDS:
            break
    return result


def main(tool: str, model_path: str, result_path: str) -> None:
    """Write what the tool made, or the words of its failure."""
    warnings.simplefilter("ignore")
    model = pickle.loads(Path(model_path).read_bytes())
    try:
        result = timed(TOOLS[tool], model)
    except Exception as error:  # noqa: BLE001 the failure is the figure
        result = {"error": words(error)}
    Path(result_path).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
