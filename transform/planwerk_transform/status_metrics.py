"""The status for monitoring: OpenMetrics text, as Prometheus and others read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.openmetrics.exposition import generate_latest

if TYPE_CHECKING:
    import datetime as dt

    from planwerk_transform.status import Status


def as_openmetrics(status: Status) -> str:
    """Return it as OpenMetrics 1.0 text; moments are in seconds since 1970, none is left out."""
    registry = CollectorRegistry()

    def gauge(name: str, help_: str, *labels: str) -> Gauge:
        return Gauge(f"planwerk_{name}", help_, labels, registry=registry)

    last_success = gauge(
        "last_success_timestamp_seconds", "End of the last run that loaded everything.", "source"
    )
    stale = gauge("stale", "1 if that is longer ago than PLANWERK_STALE_AFTER.", "source")
    failed = gauge("last_run_failed", "1 if the last run failed.", "source")
    requests = gauge("last_run_requests", "Requests of the last run that succeeded.", "source")
    rejected = gauge("rejected_rows", "Values and rows that could not be loaded.", "source")
    errors = gauge("trigger_errors", "What a trigger could not do.", "source")
    for source in status.sources:
        _set(last_success.labels(source.source), source.last_success)
        stale.labels(source.source).set(source.is_stale)
        failed.labels(source.source).set(source.failure is not None)
        requests.labels(source.source).set(source.requests or 0)
        rejected.labels(source.source).set(source.rejected_rows)
        errors.labels(source.source).set(source.trigger_errors)
    rows = gauge("rows", "Stored rows, deleted ones included.", "source", "stream")
    deleted = gauge("deleted_rows", "Rows marked deleted.", "source", "stream")
    checkpoint = gauge(
        "checkpoint_timestamp_seconds", "Up to here everything is loaded.", "source", "stream"
    )
    for row in status.streams:
        names = row["source"], row["stream"]
        rows.labels(*names).set(row["rows"])
        deleted.labels(*names).set(row["deleted_rows"])
        if row["checkpoint"]:
            _set(checkpoint.labels(*names), row["checkpoint"])
    gauge("unmatched_labels", "Labels in use that no rule knows.").set(status.unmatched_labels)
    text: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]
    return text.decode()


def _set(gauge: Gauge, moment: dt.datetime | None) -> None:
    gauge.set(moment.timestamp() if moment else 0)
