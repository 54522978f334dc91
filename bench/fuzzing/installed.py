"""What the adapters of this folder share: how to say what a loss takes, and how to reach a module of a package."""
import importlib
import sys
import types


def takes(*honours, **more):
    """Marks a function with the options that it honours, and more: its `input`, the `classes` that it always averages."""

    def marked(function):
        for name, value in {"honours": list(honours), **more}.items():
            setattr(function, name, value)
        return function

    return marked


def module(name, *others):
    """A module, without running the `__init__` of the packages that it and `others` are in, which would import all that they depend on."""
    for inside in [name, *others]:
        parents = inside.split(".")[:-1]
        for depth in range(1, len(parents) + 1):
            parent = ".".join(parents[:depth])
            if parent not in sys.modules:
                sys.modules[parent] = types.ModuleType(parent)
                sys.modules[parent].__path__ = [f"{folder}/{parent.replace('.', '/')}" for folder in sys.path]
    return importlib.import_module(name)
