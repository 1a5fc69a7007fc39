"""Faults of an API, drawn at random."""

FAULTS = (
    ("429 with Retry-After", 3),
    ("429 without Retry-After", 2),
    ("500", 2),
    ("502 as HTML", 1),
    ("503", 2),
    ("200 as HTML", 2),
    ("reset", 3),
    ("timeout", 1),
    ("truncate", 3),
    ("malformed", 3),
    ("missing_envelope", 4),
    ("empty_list", 5),
    ("401", 0.5),
    ("403", 0.5),
    ("404", 0.5),
)
"""What can go wrong with an answer, each with its weight."""

REQUEST_TIMEOUT_SECONDS = 1


def weighted(random, choices):
    """Draw one of pairs of a value and its weight."""
    values, weights = zip(*choices, strict=True)
    return random.choices(values, weights)[0]


def draw_some(random, paths, count):
    """Return some faults; a list that is empty by mistake is empty once, not time and again."""
    faults = [draw(random, paths) for _ in range(count)]
    names = [name for name, _ in faults]
    return [
        fault
        for number, fault in enumerate(faults)
        if fault[0] != "empty_list" or "empty_list" not in names[:number]
    ]


def draw(random, paths):
    """Return a fault: its name and its JSON for the sandbox."""
    return fault(
        weighted(random, FAULTS),
        weighted(random, paths),
        skip=random.choice([0, 0, 0, 1, 2, 3, random.randrange(40)]),
        # Eight tries: fewer faults than that are overcome, more end the run.
        times=random.choice([1, 2, 3, 7, 8, 8, 12]),
    )


def fault(name, path, *, skip=0, times=1):
    """Return a fault of a name: the name and its JSON for the sandbox."""
    members = {"path": path, "kind": name, "skip": skip, "times": times}
    match name.split():
        case ["429", "with", _]:
            members |= {"kind": "status", "status": 429, "headers": {"Retry-After": "7"}}
        case ["502", *_]:
            members |= {"kind": "status", "status": 502, "html": True}
        case ["200", *_]:
            members |= {"kind": "html"}
        case [number, *_] if number.isdigit():
            members |= {"kind": "status", "status": int(number)}
        case ["timeout"]:
            members |= {"times": 1, "seconds": REQUEST_TIMEOUT_SECONDS + 0.3}
    if name in ("401", "403", "404", "empty_list"):
        members |= {"times": 1}
    return name, members
