"""The training step of bench/training.mjs in PyTorch, one thread: forward, backward, Adam.

Reads from standard input: u32 batch, height, width, count of layers, and the channels before, between and after them; weight and
bias of each layer (float32); the pixels (float32); the labels (u8). Each further byte there asks for one step, answered by its
milliseconds and the loss.
"""
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(1)


def read(dtype, *shape):
    count = int(torch.tensor(shape).prod())
    data = bytearray(sys.stdin.buffer.read(count * torch.tensor([], dtype=dtype).element_size()))
    return torch.frombuffer(data, dtype=dtype).view(*shape)


batch, height, width, layers = read(torch.int32, 4).tolist()
channels = read(torch.int32, layers + 1).tolist()
network = torch.nn.Sequential()
for i in range(layers):
    if i > 0:
        network.append(torch.nn.ReLU())
    conv = torch.nn.Conv2d(channels[i], channels[i + 1], 3, padding=1)
    for parameter in conv.parameters():
        parameter.data = read(torch.float32, *parameter.shape)
    network.append(conv)
pixels = read(torch.float32, batch, channels[0], height, width)
labels = read(torch.uint8, batch, channels[-1], height, width).float()
optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)

while sys.stdin.buffer.read(1):
    start = time.perf_counter()
    optimizer.zero_grad()
    loss = F.binary_cross_entropy_with_logits(network(pixels), labels)
    loss.backward()
    optimizer.step()
    print(1000 * (time.perf_counter() - start), loss.item(), flush=True)
