"""One public function: its stages in order, and a buffer for each value that lives a while."""

from codegen import ir
from codegen.ir import Model, Node
from codegen.plan.places import (
    Array,
    Owners,
    StageOf,
    alias,
    allocate,
    order,
    owners,
    read_by,
    source,
)
from codegen.plan.program import (
    REAL,
    Buffer,
    Code,
    Dtype,
    Function,
    Place,
    Result,
    Stage,
    Step,
)

PARAMETER = {
    "predict_proba": ("proba", "N_PROBA"),
    "decision_function": ("scores", "N_SCORES"),
    "transform": ("y", "N_COMPONENTS"),
    "predict": ("y", "N_OUTPUTS"),
    "kneighbors": ("index", "N_NEIGHBORS"),
    "kneighbors_distance": ("distance", "N_NEIGHBORS"),
}
SECOND = {"kneighbors": "kneighbors_distance"}
"""Methods of indices whose function gives real numbers beside them, and which these are."""


def result_of(method: str, root: Node, model: Model) -> Result:
    """How a method gives its answer back."""
    if method in SECOND:
        return "first"
    if method in SECOND.values():
        return "second"
    if root.is_index:
        return "index" if root.size == 1 and len(model.classes) < 2 else "indices"
    vector = method in ("transform", "predict_proba") or (
        method == "decision_function" and model.kind == "classifier"
    )
    return "vector" if vector or root.size > 1 else "value"


def plan_function(
    method: str, model: Model, *, prefix: str, dtype: Dtype, stage: StageOf
) -> Function:
    """Order the stages of one method, place its values, and name everything."""
    root = model.methods[method]
    result = result_of(method, root, model)
    parameter, size_name = PARAMETER.get(method, ("y", f"N_{method.upper()}"))
    if method == "predict_proba" and len(model.classes) == 1:
        size_name = "N_CLASSES"
    real = Code(REAL[dtype])
    ctype = Code("int32_t") if root.is_index else real
    targets = {id(root): Code(parameter if result not in ("index", "value") else "result")}
    last = model.methods[SECOND[method]] if result == "first" else root
    if result == "first":
        targets[id(last)] = Code(PARAMETER[SECOND[method]][0])
    nodes = order(last, stage) if result != "second" else []
    steps, buffers = place_steps(nodes, stage, real, targets, returned=result == "index")
    called = {second: first for first, second in SECOND.items()}.get(method, method)
    return Function(
        method=Code(method),
        name=Code(f"{prefix}_{called}"),
        result=result,
        ctype=ctype,
        size=root.size,
        parameter=Code(parameter),
        size_name=Code(f"{prefix.upper()}_{size_name}"),
        steps=steps,
        buffers=buffers,
        returns=Code("result[0]") if result == "value" else Code(""),
        of_text=model.is_text,
    )


def place_steps(
    nodes: list[Node], stage: StageOf, real: Code, targets: dict[int, Code], *, returned: bool
) -> tuple[tuple[Step, ...], tuple[Buffer, ...]]:
    """The steps with their places; targets: for the last node, and another one, where it goes."""
    if not nodes:
        return (), ()
    root = nodes[-1]
    target = targets[id(root)]
    owner = owners(nodes, stage)
    arrays = arrays_of(nodes, stage, owner, real)
    whole = owner.get(id(root), (None, 0))[0]
    last = arrays.pop(whole) if whole is not None else None
    beside = {owner[key][0]: name for key, name in targets.items() if key != id(root)}
    names, buffers = allocate([array for key, array in arrays.items() if key not in beside])
    names |= beside
    if last is not None:
        names[last.key] = target
        if target == "result" and not returned:
            buffers = (*buffers, Buffer(target, last.ctype, last.size))
    steps: list[Step] = []
    for node in nodes:
        here = computed(node, stage)
        if isinstance(node, ir.Concat):
            steps += copies(node, owner, names, real)
        elif here is not None:
            steps.append(step_of(node, here, owner, names, returned=returned and node is root))
    if last is None:
        moved = Code("int32_t") if root.is_index else real
        steps.append(copy_step(root, place(root, owner, names), Place(target, 0), moved))
    return tuple(steps), buffers


def arrays_of(nodes: list[Node], stage: StageOf, owner: Owners, real: Code) -> dict[int, Array]:
    """The arrays that the nodes write, each with its size and the moments when it is needed."""
    arrays: dict[int, Array] = {}
    for moment, node in enumerate(nodes):
        if id(node) in owner:
            key, offset = owner[id(node)]
            ctype = Code("int32_t") if node.is_index else real
            array = arrays.setdefault(key, Array(key, ctype, 0, moment, moment))
            arrays[key] = array.grown(offset + node.size, moment)
        for read in read_by(node, stage):
            key_read, _ = source(read, owner)
            if key_read is not None:
                arrays[key_read] = arrays[key_read].grown(0, moment)
        here = computed(node, stage)
        if here is not None and here.scratch:
            ctype = real if here.scratch_ctype == "real" else Code(here.scratch_ctype)
            arrays[-id(node)] = Array(-id(node), ctype, here.scratch, moment, moment)
    return arrays


def computed(node: Node, stage: StageOf) -> Stage | None:
    """The stage of a node that is computed at all."""
    return None if isinstance(node, ir.Input | ir.Concat) or alias(node) else stage(node)


def place(node: Node, owner: Owners, names: dict[int, Code]) -> Place:
    """Where a node's values are found."""
    array, offset = source(node, owner)
    return Place(Code("x") if array is None else names[array], offset)


def step_of(
    node: Node, stage: Stage, owner: Owners, names: dict[int, Code], *, returned: bool
) -> Step:
    """A stage with its arguments named."""
    before = stage.inputs[0]
    target = place(node, owner, names)
    return Step(
        stage=stage,
        n_in=before.size,
        n_out=node.size,
        src=place(before, owner, names),
        dst=target,
        assign=Code("return ") if returned else Code(f"{target.at('0')} = "),
        scratch=names.get(-id(node), Code("")),
        by=place(stage.inputs[1], owner, names) if len(stage.inputs) > 1 else None,
    )


def copies(node: ir.Concat, owner: Owners, names: dict[int, Code], real: Code) -> list[Step]:
    """The copying of those parts of a concatenation that could not be computed in place."""
    array, offset = owner[id(node)]
    steps = []
    for part in node.parts:
        if source(part, owner) != (array, offset):
            target = Place(names[array], offset)
            moved = Code("int32_t") if node.is_index else real
            steps.append(copy_step(part, place(part, owner, names), target, moved))
        offset += part.size
    return steps


def copy_step(node: Node, src: Place, dst: Place, ctype: Code) -> Step:
    """Values moved as they are."""
    suffix = {"float": "f32", "double": "f64", "int32_t": "i32"}[ctype]
    kernel = Code(f"cg_copy_{suffix}")
    stage = Stage("nodes/copy.c.j2", (f"{kernel}.h",), (node,), {"kernel": kernel})
    return Step(
        stage=stage,
        n_in=node.size,
        n_out=node.size,
        src=src,
        dst=dst,
        assign=Code(""),
        scratch=Code(""),
    )
