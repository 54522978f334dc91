"""Calls a loss in Python for `lovasz fuzz --python`: reads a call a line, writes an answer a line (docs/protocol.md)."""
import functools, importlib.util, json, os, sys

numpy = importlib.import_module("numpy") if importlib.util.find_spec("numpy") else None


def arguments(call):
    values, labels, options = call["values"], call["labels"], call["options"]
    if tensors:
        import torch
        shape = options["shape"]
        plane = shape[:1] + shape[2:] if len(values) > len(labels) else shape
        given = torch.tensor(values, dtype=getattr(torch, precision)).reshape(shape).requires_grad_()
        return given, torch.tensor(labels, dtype=torch.int64).reshape(plane), options
    if numpy is None:
        return values, labels, options
    return numpy.array(values, precision), numpy.array(labels, numpy.int32), options


def numbers(answer):
    answer = answer.detach().double().cpu() if hasattr(answer, "detach") else answer
    answer = answer.tolist() if hasattr(answer, "tolist") else answer
    return [numbers(one) for one in answer] if isinstance(answer, (list, tuple)) else answer


def answer(loss, call):
    given, before = arguments(call), arguments(call)
    result = loss(*given)
    # what a loss does to its arguments is part of the answer
    now, then = [[numbers(one.flatten() if tensors else one) for one in some[:2]] for some in (given, before)]
    changed = {name: now[i] for i, name in enumerate(("values", "labels")) if now[i] != then[i]}
    if not tensors:
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            raise TypeError(f"it returned {type(result).__name__}, expected (value, gradient); or pass --torch, and return a scalar tensor")
        return {"value": numbers(result[0]), "grad": numbers(result[1]), **changed}
    if result.requires_grad:
        result.backward()
    grad = given[0].grad
    return {"value": numbers(result), "grad": [0.0] * len(call["values"]) if grad is None else numbers(grad.flatten()), **changed}


target, tensors, asked = sys.argv[1], "--torch" in sys.argv[2:], [one for one in sys.argv[2:] if one != "--torch"]
# what the loss prints is no answer
out = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
sys.path.insert(0, os.getcwd())
module, _, name = target.partition(":")
loss = functools.reduce(getattr, name.split("."), importlib.import_module(module))
precision = next(iter(asked), getattr(loss, "precision", "float32"))
head = {field: getattr(loss, field) for field in ("honours", "input", "needs", "classes", "precision") if hasattr(loss, field)}
print(json.dumps({"lovasz": 1, **head}), file=out, flush=True)
for line in sys.stdin:
    call = json.loads(line)
    try:
        result = answer(loss, call)
    except Exception as error:
        result = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps({"id": call["id"], **result}), file=out, flush=True)
