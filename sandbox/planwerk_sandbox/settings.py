"""Switches for what an API leaves open or a test wants otherwise."""

from __future__ import annotations

from dataclasses import dataclass, fields
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints


@dataclass
class Settings:
    """Settings that can be changed by name, each value checked by its type."""

    def change(self, values: dict[str, Any]) -> None:
        """Change some settings, all or none.

        Raises:
            ValueError: If a name is unknown or a value does not fit.
        """
        known = {setting.name for setting in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"Unknown setting {name!r}; known are {', '.join(sorted(known))}.")
            hint = get_type_hints(type(self))[name]
            if not self.fits(name, hint, value):
                raise ValueError(f"Setting {name!r} cannot be {value!r}; expected {hint}.")
        for name, value in values.items():
            setattr(self, name, value)

    def fits(self, name: str, hint: Any, value: object) -> bool:  # noqa: ANN401  # a type
        """Whether a value fits a setting; whole numbers count from 1."""
        if get_origin(hint) in (Union, UnionType):
            return any(self.fits(name, choice, value) for choice in get_args(hint))
        if get_origin(hint) is Literal:
            return value in get_args(hint)
        if get_origin(hint) is dict:
            return isinstance(value, dict) and all(isinstance(v, dict) for v in value.values())
        if hint is NoneType:
            return value is None
        return type(value) is hint and (hint is not int or value > 0)  # type: ignore[operator]
