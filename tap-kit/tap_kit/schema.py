"""Short words for the columns that the taps have, each with its description."""

from __future__ import annotations

from typing import Any

from singer_sdk import typing as th


def schema(*columns: th.Property[Any]) -> dict[str, Any]:
    """Return the JSON schema of a stream with these columns."""
    return th.PropertiesList(*columns).to_dict()


def key(
    name: str, description: str, kind: th.JSONTypeHelper[Any] | None = None
) -> th.Property[Any]:
    """Return the key column; an integer unless `kind` says otherwise."""
    return th.Property(name, kind or th.IntegerType(), required=True, description=description)


def text(name: str, description: str) -> th.Property[Any]:
    """Return a text column."""
    return th.Property(name, th.StringType, description=description)


def integer(name: str, description: str) -> th.Property[Any]:
    """Return a column of 64-bit integers."""
    return th.Property(name, th.IntegerType, description=description)


def number(name: str, description: str) -> th.Property[Any]:
    """Return a column of decimal numbers."""
    return th.Property(name, th.NumberType, description=description)


def flag(name: str, description: str) -> th.Property[Any]:
    """Return a true-or-false column."""
    return th.Property(name, th.BooleanType, description=description)


def moment(name: str, description: str) -> th.Property[Any]:
    """Return a column of date-times in UTC."""
    return th.Property(name, th.DateTimeType, description=description)


def day(name: str, description: str) -> th.Property[Any]:
    """Return a column of calendar dates, which have no time zone."""
    return th.Property(name, th.DateType, description=description)


def integers(name: str, description: str) -> th.Property[Any]:
    """Return a column of integer arrays; no element is an empty array."""
    return th.Property(name, th.ArrayType(th.IntegerType), description=description)


def texts(name: str, description: str) -> th.Property[Any]:
    """Return a column of text arrays; no element is an empty array."""
    return th.Property(name, th.ArrayType(th.StringType), description=description)


def structure(name: str, description: str) -> th.Property[Any]:
    """Return a column that holds the API's own object."""
    return th.Property(name, th.ObjectType(additional_properties=True), description=description)


def structures(name: str, description: str) -> th.Property[Any]:
    """Return a column that holds the API's own array of objects, as one JSON value."""
    return th.Property(name, th.CustomType({"type": ["array", "null"]}), description=description)
