"""Answers calls of a loss, one JSON line each: `bridge.py MODULE FUNCTION`, for bench/fuzzing/judge.mjs.

The first line says what the function takes. Numbers that are not finite are written as strings. A loss of softmax(logits) is given the
logarithms of the probabilities, and answers with the gradient by the probabilities.
"""
import importlib
import json
import math
import sys

import numpy as np

out = sys.stdout
sys.stdout = sys.stderr


def in_torch(function):
    import torch

    torch.set_num_threads(1)

    class Log(torch.autograd.Function):
        """The logarithm, of 0 too, with a derivative that `exp` undoes."""

        @staticmethod
        def forward(context, values):
            above = values.clamp(min=1e-30)
            context.save_for_backward(above)
            return above.log()

        @staticmethod
        def backward(context, grad):
            return grad / context.saved_tensors[0]

    of_logits = function.kind == "softmax-logits"
    if of_logits:
        # which it is for logarithms of probabilities
        torch.Tensor.softmax = torch.nn.functional.softmax = lambda logits, *_, **__: logits.exp()

    def call(values, labels, options):
        shape = options["shape"]
        leaf = torch.tensor(values).reshape(shape).requires_grad_()
        axes = [shape[0], *shape[2:]] if len(shape) == 4 else shape
        given = Log.apply(leaf) if of_logits else leaf
        value = function(given, torch.tensor(labels).reshape(axes).long(), options)
        if not isinstance(value, torch.Tensor):
            raise TypeError(f"it returned {value!r}, not a scalar tensor")
        if value.numel() != 1:
            raise TypeError(f"it returned a tensor of shape {list(value.shape)}, not a scalar")
        value.backward()
        grad = torch.zeros_like(leaf) if leaf.grad is None else leaf.grad
        return value.item(), grad.reshape(-1).tolist()

    return call


def plain(function):
    def call(values, labels, options):
        value, grad = function(values, labels, options)
        return float(value), np.asarray(grad, np.float64).reshape(-1).tolist()

    return call


def finite(number):
    return number if math.isfinite(number) else str(number)


def main():
    module, name, *torch = sys.argv[1:]
    function = getattr(importlib.import_module(module), name)
    call = in_torch(function) if torch else plain(function)
    about = {name: getattr(function, name, None) for name in ("kind", "honours", "classes")}
    print(json.dumps(about), file=out, flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            values = np.array(request["values"], np.float32)
            value, grad = call(values, np.array(request["labels"], np.int32), request["options"])
            answer = {"value": finite(value), "grad": [finite(one) for one in grad]}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=out, flush=True)


main()
