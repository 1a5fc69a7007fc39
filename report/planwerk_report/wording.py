"""Numbers and moments as both languages write them: (German, English)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime as dt

_MONTHS: Final = (
    ("Januar", "January"),
    ("Februar", "February"),
    ("März", "March"),
    ("April", "April"),
    ("Mai", "May"),
    ("Juni", "June"),
    ("Juli", "July"),
    ("August", "August"),
    ("September", "September"),
    ("Oktober", "October"),
    ("November", "November"),
    ("Dezember", "December"),
)
_UNITS: Final = (
    (86_400, ("Tag", "Tagen"), ("day", "days")),
    (3_600, ("Stunde", "Stunden"), ("hour", "hours")),
    (60, ("Minute", "Minuten"), ("minute", "minutes")),
)


def number(value: int) -> str:
    """Write a number with thin spaces between thousands, which both languages know: 12 345."""
    return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def share(part: int, whole: int) -> str:
    """Write a share in per cent; only nothing is 0 and only all is 100."""
    if not whole:
        return "–"  # noqa: RUF001  # no share of nothing
    percent = part * 100 // whole
    return f"{max(percent, 1) if part else 0}\N{NARROW NO-BREAK SPACE}%"


def day(moment: dt.datetime) -> tuple[str, str]:
    """Write a moment to the minute: (03.03.2026, 14:05 / 3 Mar 2026, 14:05)."""
    _, english = _MONTHS[moment.month - 1]
    return (
        f"{moment:%d.%m.%Y, %H:%M}",
        f"{moment.day} {english[:3]} {moment:%Y, %H:%M}",
    )


def month(first_day: dt.date) -> tuple[str, str]:
    """Write a month: (März 2026 / March 2026)."""
    german, english = _MONTHS[first_day.month - 1]
    return f"{german} {first_day:%Y}", f"{english} {first_day:%Y}"


def age(moment: dt.datetime, now: dt.datetime) -> tuple[str, str]:
    """Write how long before the report a moment was, in its largest unit."""
    seconds = (now - moment).total_seconds()
    for size, german, english in _UNITS:
        if seconds >= size:
            count = int(seconds // size)
            return (
                f"{number(count)} {german[count != 1]} vor diesem Bericht",
                f"{number(count)} {english[count != 1]} before this report",
            )
    return "soeben", "just now"
