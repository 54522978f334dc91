"""The operators of bench/operators.mjs in PyTorch, one thread.

Takes the shape of the input as its arguments. Each line on standard input, "forward NAME" or "both NAME", asks for one run, answered by its
milliseconds.
"""
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
shape = [int(extent) for extent in sys.argv[1:]]
channels = shape[1]


def parameter(*sizes):
    return torch.randn(*sizes, requires_grad=True)


bias, scale = parameter(channels), parameter(channels)
square, halves = parameter(channels, channels, 3, 3), parameter(channels, channels, 2, 2)
pointwise, separate = parameter(channels, channels, 1, 1), parameter(channels, 1, 3, 3)
mean, variance = torch.zeros(channels), torch.ones(channels)
second, matrix = parameter(*shape), parameter(shape[3], shape[3])

operators = {
    "conv2d 3x3": lambda x: F.conv2d(x, square, bias, padding=1),
    "conv2d 3x3, stride 2": lambda x: F.conv2d(x, square, bias, padding=1, stride=2),
    "conv2d 3x3, dilation 2": lambda x: F.conv2d(x, square, bias, padding=2, dilation=2),
    "conv2d 1x1": lambda x: F.conv2d(x, pointwise, bias),
    "conv2d 3x3, depthwise": lambda x: F.conv2d(x, separate, bias, padding=1, groups=channels),
    "conv2d 3x3, depthwise, stride 2": lambda x: F.conv2d(x, separate, bias, padding=1, groups=channels, stride=2),
    "convTranspose2d 2x2, stride 2": lambda x: F.conv_transpose2d(x, halves, bias, stride=2),
    "convTranspose2d 3x3, stride 2": lambda x: F.conv_transpose2d(x, square, bias, stride=2, padding=1, output_padding=1),
    "groupNorm, 8 groups": lambda x: F.group_norm(x, 8, scale, bias),
    "batchNorm, training": lambda x: F.batch_norm(x, None, None, scale, bias, training=True),
    "batchNorm, evaluation": lambda x: F.batch_norm(x, mean, variance, scale, bias),
    "dropout 0.5": lambda x: F.dropout(x, 0.5),
    "upsampleBilinear 2": lambda x: F.interpolate(x, scale_factor=2, mode="bilinear"),
    "upsampleNearest 2": lambda x: F.interpolate(x, scale_factor=2),
    "maxPool2d 2": lambda x: F.max_pool2d(x, 2),
    "avgPool2d 2": lambda x: F.avg_pool2d(x, 2),
    "globalAvgPool2d": lambda x: F.adaptive_avg_pool2d(x, 1),
    "pad 1": lambda x: F.pad(x, (1, 1, 1, 1)),
    "concat": lambda x: torch.cat([x, second], 1),
    "add": lambda x: x + second,
    "sub": lambda x: x - second,
    "mul": lambda x: x * second,
    "div": lambda x: x / second,
    "neg": torch.neg,
    "exp": torch.exp,
    "log": torch.log,
    "sqrt": torch.sqrt,
    "abs": torch.abs,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "leakyRelu": F.leaky_relu,
    "relu6": F.relu6,
    "silu": F.silu,
    "gelu": F.gelu,
    "hardswish": F.hardswish,
    "pow 3": lambda x: x**3,
    "softmax, channels": lambda x: x.softmax(1),
    "logSoftmax, channels": lambda x: x.log_softmax(1),
    "sum, rows": lambda x: x.sum(3),
    "mean, rows": lambda x: x.mean(3),
    "max, rows": lambda x: x.amax(3),
    "cumsum, rows": lambda x: x.cumsum(3),
    "sort, rows": lambda x: x.sort(3)[0],
    "transpose": lambda x: x.transpose(2, 3).contiguous(),
    "matmul": lambda x: x @ matrix,
}

x = (torch.randn(*shape).abs() + 0.1).requires_grad_()
parameters = [x, bias, scale, square, pointwise, separate, halves, second, matrix]
upstream = {}

for line in sys.stdin:
    kind, name = line.strip().split(" ", 1)
    operator = operators[name]
    for one in parameters:
        one.grad = None
    if name not in upstream:
        upstream = {name: torch.ones_like(operator(x))}
    start = time.perf_counter()
    out = operator(x)
    if kind == "both":
        out.backward(upstream[name])
    print(1000 * (time.perf_counter() - start), flush=True)
