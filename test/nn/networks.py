"""One forward and backward pass of a network of docs/networks.md, for networks.test.ts.

Reads a JSON line from standard input (the Python of that page, the class and its arguments, weights, input and upstream gradient, whether to
train), and answers with logits, gradients and what training changed in the running statistics.
"""
import json
import sys

import torch

torch.set_num_threads(1)


def values(entry):
    return torch.tensor(entry["data"]).view(entry["shape"])


for line in sys.stdin:
    case = json.loads(line)
    exec(case["code"])
    network = globals()[case["network"]](**case["arguments"])
    missing, unexpected = network.load_state_dict({name: values(entry) for name, entry in case["state"].items()}, strict=False)
    assert not unexpected and all(name.endswith("num_batches_tracked") for name in missing), (missing[:3], unexpected[:3])
    network.train(case["train"])
    network.double()
    x = values(case["input"]).double().requires_grad_()
    logits = network(x)
    logits.backward(values(case["upstream"]).double())
    flat = lambda tensor: tensor.detach().flatten().tolist()
    gradients = {name: flat(parameter.grad) for name, parameter in network.named_parameters()}
    after = {name: flat(buffer) for name, buffer in network.named_buffers() if "running" in name}
    answer = {"shape": list(logits.shape), "logits": flat(logits), "input": flat(x.grad), "gradients": gradients, "after": after}
    print(json.dumps(answer), flush=True)
