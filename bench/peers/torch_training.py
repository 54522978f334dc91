"""The training step and the inference of bench/training.mjs in PyTorch, on as many threads as the argument says.

Reads from standard input a line of JSON that task.mjs wrote, then lines "step", "inference" or "small", each answered by its milliseconds and its
result: the loss before the step, the mean logit, or the loss of a small picture, whose gradients are dropped.
"""
import base64
import json
import re
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(int(sys.argv[1]))

task = json.loads(sys.stdin.readline())
exec(task["python"])


def values(text, dtype=torch.float32):
    return torch.frombuffer(bytearray(base64.b64decode(text)), dtype=dtype)


snake = lambda name: re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), name)
network = globals()[task["network"]](**{snake(name): value for name, value in task["options"].items()})
state = {entry["name"]: values(entry["data"]).view(entry["shape"]) for entry in task["state"]}
missing, unexpected = network.load_state_dict(state, strict=False)
assert not unexpected and all(name.endswith("num_batches_tracked") for name in missing), (missing, unexpected)
batch, _, height, width = task["shape"]
pixels = values(task["pixels"]).view(task["shape"])
labels = values(task["labels"], torch.uint8).view(batch, 1, height, width).float()
optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)


def gradients(x, truth):
    network.train()
    optimizer.zero_grad()
    loss = F.binary_cross_entropy_with_logits(network(x), truth)
    loss.backward()
    return loss.item()


def step():
    loss = gradients(pixels, labels)
    optimizer.step()
    return loss


def inference():
    network.eval()
    with torch.no_grad():
        return network(pixels).mean().item()


def small():
    loss = gradients(pixels[:1, :, :32, :32], labels[:1, :, :32, :32])
    optimizer.zero_grad()
    return loss


calls = {"step": step, "inference": inference, "small": small}
for line in sys.stdin:
    start = time.perf_counter()
    result = calls[line.strip()]()
    print(1000 * (time.perf_counter() - start), result, flush=True)
