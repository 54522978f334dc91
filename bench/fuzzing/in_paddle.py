"""Public Lovász losses in PaddlePaddle, each called as its users call it, for bench/fuzzing.mjs: `function(values, labels, options)` takes flat
arrays and returns the value and the flat gradient.
"""
import paddle

from installed import module, takes

paddle.set_device("cpu")


def differentiated(loss, values, labels, options):
    """The value and gradient of `loss(values, labels)`, values [B, H, W] or [B, C, H, W] and labels [B, H, W]."""
    shape = options["shape"]
    given = paddle.to_tensor(values.reshape(shape), stop_gradient=False)
    value = loss(given, paddle.to_tensor(labels.reshape([shape[0], *shape[-2:]]).astype("int64")))
    if value.size != 1:
        raise TypeError(f"it returned a tensor of shape {value.shape}, not a scalar")
    value.backward()
    grad = paddle.zeros_like(given) if given.grad is None else given.grad
    return float(value), grad.numpy().reshape(-1)


# PyPI: paddleseg


def paddleseg():
    return module("paddleseg.models.losses.lovasz_loss", "paddleseg.cvlibs.manager")


@takes("ignore")
def paddleseg_hinge(values, labels, options):
    loss = paddleseg().LovaszHingeLoss(options.get("ignore"))
    return differentiated(lambda given, truth: loss(given.unsqueeze(1), truth), values, labels, options)


@takes("ignore")
def paddleseg_hinge_of_two_channels(values, labels, options):
    """Logits of two classes, 0 and the logit: the difference of both is the logit."""
    loss = paddleseg().LovaszHingeLoss(options.get("ignore"))
    two = lambda given: paddle.stack([paddle.zeros_like(given), given], 1)
    return differentiated(lambda given, truth: loss(two(given), truth), values, labels, options)


@takes("ignore", "classes")
def paddleseg_softmax(values, labels, options):
    """Its loss of logits is the softmax, and these two functions."""
    losses = paddleseg()

    def loss(probabilities, truth):
        flat = losses.flatten_probas(probabilities, truth, options.get("ignore"))
        return losses.lovasz_softmax_flat(*flat, classes=options.get("classes", "present"))

    return differentiated(loss, values, labels, options)
