"""What the tree holds of one kind, found by introspection."""

import importlib
import inspect
import pkgutil
from types import ModuleType
from typing import Any


def find_kinds(package: ModuleType, contract: type[Any]) -> list[type[Any]]:
    """The concrete classes of a contract in the modules of a package, in order of names."""
    names = [module.name for module in pkgutil.iter_modules(package.__path__)]
    modules = [importlib.import_module(f"{package.__name__}.{name}") for name in names]
    return [
        kind
        for module in modules
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, contract)
        and not inspect.isabstract(kind)
        and kind.__module__ == module.__name__
    ]
