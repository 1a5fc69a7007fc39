"""A run that is stopped anywhere loses nothing and repeats hardly a request."""

import random
import signal
import time
from collections import Counter

import pytest
from mail_truth import compare

FOREVER = 600
SCALE = 0.1
"""About 450 requests, so that 5 % are more than what every run asks anyway."""


def asked(mail):
    """Return how often each request was sent."""
    log = mail.control.requests()["log"]
    return Counter((entry["path"], str(sorted(entry["query"].items()))) for entry in log)


def stop(mail, request, *signals):
    """Run until a request hangs, and send signals to tap and loader then."""

    def wait_and_stop(tap, loader):
        while mail.control.requests()["total"] < request and tap.poll() is None:
            time.sleep(0.02)
        for process, sent in zip((tap, loader), signals, strict=False):
            process.send_signal(sent)

    mail.control.fault(".", "timeout", skip=request, times=None, seconds=FOREVER)
    mail.sync(meanwhile=wait_and_stop)
    mail.control.clear_faults()


def finish(mail):
    """Run to the end; return how many requests were sent again, and how many there are."""
    first = asked(mail)
    mail.control.clear_requests()
    assert mail.sync(), mail.log
    second = asked(mail)
    return sum((first & second).values()), sum((first | second).values())


KILLED, BOTH_KILLED, ASKED = [signal.SIGKILL], [signal.SIGKILL] * 2, [signal.SIGTERM]


@pytest.mark.parametrize(
    ("part", "signals"),
    [
        pytest.param("lists", KILLED, id="the tap is killed while it lists"),
        pytest.param("reads", KILLED, id="the tap is killed while it reads"),
        pytest.param("reads", BOTH_KILLED, id="tap and loader are killed while it reads"),
        pytest.param("reads", ASKED, id="the tap is asked to end while it reads"),
    ],
)
def test_after_a_stop_at_any_point_hardly_a_request_is_repeated(mail, part, signals):
    # Another point in every run; the assertion names it.
    request = random.randrange(12, 19) if part == "lists" else random.randrange(19, 420)
    stop(mail, request, *signals)
    repeated, whole = finish(mail)
    assert repeated <= 0.05 * whole, f"{repeated} of {whole} after a stop at {request}"
    compare(mail)
