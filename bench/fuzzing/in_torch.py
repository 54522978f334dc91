"""Public Lovász losses in PyTorch, each called as its users call it: `function(values, labels, options)`, for bench/fuzzing.mjs.

They stay where they are installed; nothing of them is copied. kornia, segmentation-models-pytorch, pytorch-toolbelt, catalyst, mmsegmentation
and sssegmentation are packages of PyPI, the others files of a repository.
"""
import sys
import types

from installed import module, takes


def by_image(values, labels, options, default):
    """A batch for a loss that takes the mean over images: as it is, or as one wide image where the loss is to be of the whole batch."""
    if options.get("perImage", default):
        return values, labels
    channels = values.shape[1]
    return values.transpose(0, 1).reshape(1, channels, 1, -1), labels.reshape(1, 1, -1)


# The reference: https://github.com/bermanmaxim/LovaszSoftmax, pytorch/lovasz_losses.py


@takes("ignore", "perImage")
def reference_hinge(values, labels, options):
    lovasz_hinge = module("pytorch.lovasz_losses").lovasz_hinge
    return lovasz_hinge(values, labels, options.get("perImage", True), options.get("ignore"))


@takes("ignore", "perImage", "classes")
def reference_softmax(values, labels, options):
    lovasz_softmax = module("pytorch.lovasz_losses").lovasz_softmax
    return lovasz_softmax(values, labels, options.get("classes", "present"), options.get("perImage", False), options.get("ignore"))
# PyPI: kornia


@takes("perImage")
def kornia_hinge(values, labels, options):
    loss = module("kornia.losses.lovasz_hinge").lovasz_hinge_loss
    return loss(*by_image(values[:, None], labels, options, True))


@takes("perImage", input="logits", classes="all")
def kornia_softmax(values, labels, options):
    loss = module("kornia.losses.lovasz_softmax").lovasz_softmax_loss
    return loss(*by_image(values, labels, options, False))


# PyPI: segmentation-models-pytorch


@takes("ignore", "perImage")
def smp_hinge(values, labels, options):
    loss = module("segmentation_models_pytorch.losses.lovasz").LovaszLoss
    return loss("binary", options.get("perImage", True), options.get("ignore"))(values[:, None], labels[:, None])


@takes("ignore", "perImage")
def smp_softmax_of_probabilities(values, labels, options):
    loss = module("segmentation_models_pytorch.losses.lovasz").LovaszLoss
    return loss("multiclass", options.get("perImage", False), options.get("ignore"), from_logits=False)(values, labels)


@takes("ignore", "perImage", input="logits")
def smp_softmax(values, labels, options):
    loss = module("segmentation_models_pytorch.losses.lovasz").LovaszLoss
    return loss("multiclass", options.get("perImage", False), options.get("ignore"))(values, labels)


# PyPI: pytorch-toolbelt


@takes("ignore", "perImage")
def toolbelt_hinge(values, labels, options):
    loss = module("pytorch_toolbelt.losses.lovasz").BinaryLovaszLoss
    return loss(options.get("perImage", True), options.get("ignore"))(values, labels)


@takes("ignore", "perImage")
def toolbelt_softmax(values, labels, options):
    loss = module("pytorch_toolbelt.losses.lovasz").LovaszLoss
    return loss(options.get("perImage", False), options.get("ignore"))(values, labels)


# PyPI: catalyst


@takes("ignore", "perImage")
def catalyst_hinge(values, labels, options):
    loss = module("catalyst.contrib.losses.lovasz").LovaszLossBinary
    return loss(options.get("perImage", True), options.get("ignore"))(values, labels)


@takes("ignore", "perImage")
def catalyst_softmax(values, labels, options):
    loss = module("catalyst.contrib.losses.lovasz").LovaszLossMultiClass
    return loss(options.get("perImage", False), options.get("ignore"))(values, labels)


@takes("ignore", "perImage", input="logits")
def catalyst_softmax_of_logits(values, labels, options):
    return catalyst_softmax(values, labels, options)


# PyPI: mmsegmentation


@takes("ignore", "perImage")
def mmseg_hinge(values, labels, options):
    return mmseg("binary", values, labels, options, options.get("perImage", True))


@takes("ignore", "perImage", "classes", input="logits")
def mmseg_softmax(values, labels, options):
    return mmseg("multi_class", values, labels, options, options.get("perImage", False))


def mmseg(loss_type, values, labels, options, per_image):
    loss = module("mmseg.models.losses.lovasz_loss").LovaszLoss
    reduction = "mean" if per_image else "none"
    made = loss(loss_type, options.get("classes", "present"), per_image, reduction)
    return made(values, labels, ignore_index=options.get("ignore"))


# PyPI: sssegmentation


@takes("ignore", "perImage")
def sssegmentation_sigmoid(values, labels, options):
    return sssegmentation(values[:, None], labels, options, True)


@takes("ignore", "perImage")
def sssegmentation_hinge(values, labels, options):
    return sssegmentation(values[:, None], labels, {"perImage": True, **options}, True)


@takes("ignore", "perImage", "classes", input="logits")
def sssegmentation_softmax(values, labels, options):
    return sssegmentation(values, labels, options, False)


def sssegmentation(values, labels, options, use_sigmoid):
    loss = module("ssseg.modules.models.losses.lovaszloss").LovaszLoss
    known = {"classes": options.get("classes", "present"), "per_image": options.get("perImage", False)}
    return loss(use_sigmoid, ignore_index=options.get("ignore", -100), **known)(values, labels)


# https://github.com/Pointcept/Pointcept, pointcept/models/losses/lovasz.py


@takes("ignore", "perImage")
def pointcept_hinge(values, labels, options):
    loss = module("pointcept.models.losses.lovasz").LovaszLoss
    return loss("binary", None, options.get("perImage", True), options.get("ignore"))(values, labels)


@takes("ignore", "perImage", input="logits")
def pointcept_softmax(values, labels, options):
    loss = module("pointcept.models.losses.lovasz").LovaszLoss
    return loss("multiclass", None, options.get("perImage", False), options.get("ignore"))(values, labels)


# https://github.com/CoinCheung/pytorch-loss, lovasz_softmax.py: the version for autograd


@takes("ignore", input="logits", classes="all")
def coincheung_softmax(values, labels, options):
    # the version for CUDA, in the same file
    sys.modules.setdefault("lovasz_softmax_cpp", types.ModuleType("lovasz_softmax_cpp"))
    value, _ = module("lovasz_softmax").LovaszSoftmaxV1(ignore_index=options.get("ignore", -100))(values, labels)
    return value


@takes(input="logits", classes="all")
def coincheung_softmax_doubled(values, labels, options):
    """With each pixel twice, which has the same loss, so that there is never a single one."""
    return coincheung_softmax(values.repeat_interleave(2, -1), labels.repeat_interleave(2, -1), options)


# https://github.com/JunMa11/SegLossOdyssey, losses_pytorch/lovasz_loss.py


@takes(classes="all")
def seglossodyssey_softmax(values, labels, options):
    return module("losses_pytorch.lovasz_loss").LovaszSoftmax()(values, labels)


# https://github.com/PeikeLi/Self-Correction-Human-Parsing, utils/lovasz_softmax.py


@takes("ignore", "perImage", input="logits")
def schp_softmax(values, labels, options):
    loss = module("utils.lovasz_softmax").LovaszSoftmax
    return loss(options.get("perImage", False), options.get("ignore"))(values, labels)


# https://github.com/yassouali/pytorch-segmentation, utils/losses.py


@takes("ignore", "perImage", "classes", input="logits")
def yassouali_softmax(values, labels, options):
    # another loss of the file needs it
    for name in ["sklearn", "sklearn.utils"]:
        sys.modules.setdefault(name, types.ModuleType(name)).class_weight = None
    loss = module("utils.losses").LovaszSoftmax
    return loss(options.get("classes", "present"), options.get("perImage", False), options.get("ignore"))(values, labels)


# https://github.com/xinge008/Cylinder3D, utils/lovasz_losses.py


@takes("ignore", "perImage")
def cylinder3d_hinge(values, labels, options):
    return module("utils.lovasz_losses").lovasz_hinge(values, labels, options.get("perImage", True), options.get("ignore"))


@takes("ignore", "perImage", "classes")
def cylinder3d_softmax(values, labels, options):
    lovasz_softmax = module("utils.lovasz_losses").lovasz_softmax
    return lovasz_softmax(values, labels, options.get("classes", "present"), options.get("perImage", False), options.get("ignore"))
