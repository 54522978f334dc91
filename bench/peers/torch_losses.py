"""The Lovász losses in PyTorch, one thread: what a training script runs, forward and backward.

Reads from standard input: u32 classes (1: the hinge), u32 pixels, the float32 logits [classes, pixels], the labels (u8). Each
further line there asks for one run, "small" for one on few pixels, answered by its milliseconds and the loss.
"""
import sys
import time

import torch
import torch.nn.functional as F


def weights(sorted_labels):
    """Steps of the Jaccard loss along sorted errors (Berman, Rannen Triki, Blaschko, CVPR 2018, algorithm 1)."""
    positives = sorted_labels.sum()
    intersection = positives - sorted_labels.cumsum(0)
    union = positives + (1 - sorted_labels).cumsum(0)
    steps = 1 - intersection / union
    steps[1:] = steps[1:] - steps[:-1]
    return steps


def hinge(logits, labels):
    truth = labels.float()
    errors = 1 - logits[0] * (2 * truth - 1)
    errors, order = torch.sort(errors, dim=0, descending=True)
    return torch.dot(F.relu(errors), weights(truth[order]))


def softmax(logits, labels):
    probabilities = F.softmax(logits, dim=0)
    losses = []
    for c in range(len(logits)):
        foreground = (labels == c).float()
        if foreground.sum() == 0:
            continue
        errors, order = torch.sort((foreground - probabilities[c]).abs(), dim=0, descending=True)
        losses.append(torch.dot(errors, weights(foreground[order])))
    return torch.stack(losses).mean()


def main():
    torch.set_num_threads(1)
    stdin = sys.stdin.buffer
    classes, pixels = torch.frombuffer(bytearray(stdin.read(8)), dtype=torch.int32).tolist()
    logits = torch.frombuffer(bytearray(stdin.read(4 * classes * pixels)), dtype=torch.float32).reshape(classes, pixels)
    labels = torch.frombuffer(bytearray(stdin.read(pixels)), dtype=torch.uint8).long()
    loss = hinge if classes == 1 else softmax
    for request in stdin:
        count = 64 if request.strip() == b"small" else pixels
        leaf = logits[:, :count].clone().requires_grad_()
        start = time.perf_counter()
        value = loss(leaf, labels[:count])
        value.backward()
        print(1e3 * (time.perf_counter() - start), value.item(), flush=True)


main()
