"""What PyTorch makes of files of saveNetwork, for pytorch.test.ts.

Reads JSON from standard input: the Python of docs/networks.md, and cases of a file, a class and its arguments. Each file is loaded with
strict=True, and written again as `<file>.again` with its metadata, `<file>.F16`, `.BF16` and `.F64` with the same, and `<file>.state`, which is
what `save_file(model.state_dict(), ...)` writes. Answers with the logits of each network for the input of the case.
"""
import json
import sys

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

torch.set_num_threads(1)
request = json.load(sys.stdin)
exec(request["code"])


def logits_of(case):
    file = case["file"]
    state = load_file(file)
    with safe_open(file, "pt") as opened:
        metadata = opened.metadata()
    save_file(state, f"{file}.again", metadata)
    for name, dtype in (("F16", torch.float16), ("BF16", torch.bfloat16), ("F64", torch.float64)):
        save_file({key: value.to(dtype) for key, value in state.items()}, f"{file}.{name}", metadata)
    network = globals()[case["network"]](**case["arguments"])
    network.load_state_dict(state, strict=True)
    save_file(network.state_dict(), f"{file}.state")
    with torch.no_grad():
        return network.eval()(torch.tensor(case["input"]).view(case["shape"])).flatten().tolist()


print(json.dumps([logits_of(case) for case in request["cases"]]))
