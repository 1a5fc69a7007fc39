"""What the command line of a tap has to do with people: files that they name, and how it fails."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from singer_sdk.exceptions import FatalAPIError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from logging import Logger


def given(option: str, file: IO[str] | None) -> dict[str, Any] | None:
    """Return what the file that an option names holds."""
    if file is None:
        return None
    content: dict[str, Any] = read(f"The file {file.name}, given as --{option},", _object_in, file)
    return content


def _object_in(file: IO[str]) -> dict[str, Any]:
    content = json.load(file)
    if not isinstance(content, dict):
        raise TypeError
    return content


def read(what: str, reader: Callable[..., Any], *args: Any) -> Any:  # noqa: ANN401
    """Return what a reader makes of a file.

    Raises:
        FatalAPIError: One sentence, if that is not what it should; the file stays as it is.
    """
    try:
        return reader(*args)
    except (TypeError, ValueError, RecursionError) as error:
        where = f" ({error})" if isinstance(error, json.JSONDecodeError) else ""
        raise FatalAPIError(f"{what} is not the JSON it should be{where}.") from None


@contextmanager
def one_sentence(logger: Logger) -> Iterator[None]:
    """Say in one sentence why the program ends, with exit code 1."""
    try:
        yield
    except FatalAPIError as error:
        logger.error("%s", error)  # noqa: TRY400
        sys.exit(1)
    except BrokenPipeError:
        logger.error("The loader ended before the tap; its own message says why.")  # noqa: TRY400
        # The rest of the output has nowhere to go, and must not fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        logger.error("A file cannot be read or written: %s.", error)  # noqa: TRY400
        sys.exit(1)
