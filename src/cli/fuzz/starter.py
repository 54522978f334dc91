"""A Lovász hinge to fill in. Check it with: npx lovasz fuzz --python my_loss:loss --kind hinge"""
import numpy


def loss(values, labels, options):
    """values: float32 logits, labels: int32, 0, 1 or options["ignore"]; both flat, of the images options["shape"] = [B, H, W].

    options["perImage"]: the mean of one loss for each image, or one loss of all pixels. Returns (value, gradient).
    """
    ignore, per_image = options.get("ignore"), options.get("perImage", True)
    images = options["shape"][0] if per_image else 1
    gradient = numpy.zeros((images, len(values) // images), numpy.float32)
    total = 0.0
    for x, y, g in zip(values.reshape(images, -1), labels.reshape(images, -1), gradient):
        kept = numpy.flatnonzero(y != ignore) if ignore is not None else numpy.arange(len(y))
        value, g[kept] = of_image(x[kept], y[kept])
        total += value
    return total / images, gradient.ravel() / images


def of_image(logits, labels):
    """The loss of the pixels of one image, and its gradient."""
    signs = 2.0 * labels - 1
    errors = 1 - logits * signs
    order = numpy.argsort(-errors)
    # to do: the gradient of the Lovász extension, of the labels in this order (Berman et al. 2018, algorithm 1)
    weights = numpy.full(len(order), 1 / max(len(order), 1))
    gradient = numpy.zeros(len(order))
    gradient[order] = -signs[order] * weights * (errors[order] > 0)
    return float(numpy.maximum(errors[order], 0) @ weights), gradient


# the options that the loss knows; cases have no others
loss.honours = ["ignore", "perImage"]
