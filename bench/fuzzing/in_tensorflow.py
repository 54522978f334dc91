"""Public Lovász losses in TensorFlow and Keras, each called as its users call it, for bench/fuzzing.mjs: `function(values, labels, options)`
takes flat arrays and returns the value and the flat gradient.
"""
import os
import sys

import tensorflow as tf

from installed import module, takes


def differentiated(loss, values, labels, options):
    """The value and gradient of `loss(values, labels)`, values [B, H, W] or [B, C, H, W] and labels [B, H, W]."""
    shape = options["shape"]
    given = tf.constant(values.reshape(shape))
    with tf.GradientTape() as tape:
        tape.watch(given)
        value = loss(given, tf.constant(labels.reshape([shape[0], *shape[-2:]])))
    grad = tape.gradient(value, given)
    return value.numpy(), (tf.zeros_like(given) if grad is None else tf.convert_to_tensor(grad)).numpy().reshape(-1)


def of_version_1(name, **others):
    """A module written for TensorFlow 1, which TensorFlow 2 still contains."""
    now = {"tensorflow": tf.compat.v1, **others}
    before = {one: sys.modules.get(one) for one in now}
    sys.modules.update(now)
    try:
        return module(name)
    finally:
        sys.modules.update({one: known for one, known in before.items() if known})


# https://github.com/bermanmaxim/LovaszSoftmax, tensorflow/lovasz_losses_tf.py: its folder has the name of the package


def reference():
    if "lovasz_losses_tf" not in sys.modules:
        sys.path.extend(f"{folder}/tensorflow" for folder in os.environ["PYTHONPATH"].split(os.pathsep))
    return of_version_1("lovasz_losses_tf")


@takes("ignore", "perImage")
def reference_hinge(values, labels, options):
    loss = reference().lovasz_hinge
    known = {"per_image": options.get("perImage", True), "ignore": options.get("ignore")}
    return differentiated(lambda *given: loss(*given, **known), values, labels, options)


@takes("ignore", "perImage", "classes")
def reference_softmax(values, labels, options):
    loss = reference().lovasz_softmax
    known = {"classes": options.get("classes", "present"), "per_image": options.get("perImage", False), "ignore": options.get("ignore")}
    return differentiated(lambda *given: loss(*given, order="BCHW", **known), values, labels, options)


# https://github.com/jackd/kblocks: a loss of Keras


@takes("classes")
def kblocks_softmax(values, labels, options):
    lovasz = module("kblocks.extras.losses.lovasz").lovasz
    classes = options.get("classes", "present")

    def loss(probabilities, truth):
        return lovasz(truth[..., None], tf.transpose(probabilities, (0, 2, 3, 1)), classes=classes)

    return differentiated(loss, values, labels, options)


# PyPI: musket-core, a loss of Keras 2, which is called tf_keras today


@takes("perImage")
def musket_hinge(values, labels, options):
    import tf_keras

    loss = of_version_1("musket_core.losses", keras=tf_keras, **{"keras.backend": tf_keras.backend}).lovasz_loss
    if not options.get("perImage", True):
        values, labels, options = values, labels, {**options, "shape": [1, 1, len(labels)]}
    return differentiated(lambda given, truth: loss(truth[..., None], given[..., None]), values, labels, options)
