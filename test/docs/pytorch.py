"""Runs the Python of docs/pytorch.md on pictures of discs, for pytorch.test.ts.

Reads JSON from standard input: the Python of docs/networks.md, the blocks of that page, and a program in the working directory that converts
unet.safetensors to model.safetensors. Answers with the held pictures, their masks and IoU, and how far the logits of the network that came
back are from those of the network that was trained.
"""
import json
import subprocess
import sys

import torch

torch.set_num_threads(1)
torch.manual_seed(5)
request = json.load(sys.stdin)
train, back, change = request["blocks"]
HEIGHT, WIDTH = 40, 37


def discs(count):
    """Pictures in which a disc is redder than the noise around it, and their masks."""
    y, x = torch.meshgrid(torch.arange(HEIGHT), torch.arange(WIDTH), indexing="ij")
    at = torch.rand(count, 2, 1, 1)
    masks = ((y - HEIGHT * at[:, 0]) ** 2 + (x - WIDTH * at[:, 1]) ** 2 < 144).to(torch.uint8)
    noise = 60 + 90 * torch.rand(count, HEIGHT, WIDTH, 3)
    return (noise + masks[..., None] * torch.tensor([50, 0, -20])).to(torch.uint8), masks


page = {"batches": [discs(8) for _ in range(30)]}
exec(request["networks"], page)
exec(train, page)
pictures, masks = discs(6)


@torch.no_grad()
def logits():
    return page["model"].eval()(page["normalise"](pictures))[:, 0]


trained = logits()
found = trained > 0
iou = ((found & (masks == 1)).sum() / (found | (masks == 1)).sum()).item()
subprocess.run([request["node"], request["program"]], check=True)
exec(back, page)
difference = (logits() - trained).abs().max().item()
exec(change, page)
answer = {"width": WIDTH, "height": HEIGHT, "iou": iou, "difference": difference}
print(json.dumps({**answer, "pictures": pictures.flatten(1).tolist(), "masks": masks.flatten(1).tolist()}))
