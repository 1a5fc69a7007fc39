"""The guarantees about completeness: what a listing and a bookmark may say, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from singer_sdk.exceptions import FatalAPIError

from tap_kit.columns import shifted, utc
from tap_kit.stream import KitStream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from singer_sdk.helpers.types import Context, Record

BEGINNING = "0001-01-01T00:00:00Z"
"""The `start_date` of those who have set none."""

FEW_ROWS = 20
"""Below this number of rows a listing may shrink by more than half without a question."""


class FullTableStream(KitStream):
    """A stream that is read whole in every run, so that a missing row is a deleted one.

    The table version (`ACTIVATE_VERSION`), on which the loader marks all rows that the listing
    did not have, is sent once, after the last record of a complete listing. singer-sdk sends it
    before the first; a run that is cut off would then mark living rows as deleted.
    """

    emit_activate_version_messages = False

    @property
    def lists_all(self) -> bool:
        """Whether the settings let the listing have all rows; otherwise no version is sent."""
        return True

    def get_records(self, context: Context | None) -> Iterable[Record]:
        """Yield every row, then, if the listing is plausible, the version."""
        state = self.stream_state
        # By the server's clock: what a run left behind whose machine was ahead, and that never came
        # to its end, must not be of a later version than this listing.
        began = self._tap.server_clock_milliseconds
        self._stream_version = max(began, state.get("table_version", 0) + 1)
        rows = 0
        for row in super().get_records(context):
            rows += 1
            yield row
        if self.has_lost_rows:
            self.logger.warning(
                "A row of '%s' could not be understood, so none is marked as deleted: a missing "
                "one may be that row.",
                self.name,
            )
            return
        if not self.lists_all:
            return
        self._refuse_mass_deletion(rows, state.get("row_count", 0))
        self._write_activate_version_message(self._stream_version)
        state["row_count"] = rows
        state["table_version"] = self._stream_version
        self.state_manager.is_flushed = False

    def _refuse_mass_deletion(self, rows: int, last_rows: int) -> None:
        if self.config["allow_mass_delete"] or last_rows < FEW_ROWS or rows * 2 >= last_rows:
            return
        raise FatalAPIError(
            f"{self.api_name} lists only {rows} rows of '{self.name}' where it listed {last_rows} "
            "in the last run. Nothing was marked as deleted. If the key lost access, give it back; "
            "if the rows are really gone, run once with allow_mass_delete: true."
        )


class IncrementalStream(KitStream):
    """A stream that is read from its bookmark on.

    The bookmark moves only past rows that were emitted, never beyond the server's clock at the
    start of the run (a row dated in the future would hide all changes until then), and never back.

    Its records carry the beginning of the run as their version, which is never activated: so a
    warehouse can tell the older of two answers.
    """

    @property
    def since(self) -> str | None:
        """The moment to read from: the bookmark less the overlap, else `start_date`, else None."""
        bookmark = self.stream_state.get("replication_key_value")
        if not bookmark or self.begins_earlier:
            return self.start
        return self.or_again(self.overlapped(bookmark))

    @property
    def again_from(self) -> str | None:
        """The moment from which all is to be read again in this run, not before `start_date`."""
        moment = self.config.get("read_again_from")
        return max(utc(moment), self.start or BEGINNING) if moment else None

    def or_again(self, moment: str) -> str:
        """Return the moment to read from: this one, or an earlier one to read again from."""
        return min(moment, self.again_from or moment)

    @property
    def ids_again(self) -> list[str]:
        """The ids that are to be read again in this run."""
        return list(dict.fromkeys(map(str, self.config.get("read_again_ids") or ())))

    def warn_of_missing(self, ids: Iterable[str]) -> None:
        """Name what was to be read again and cannot be; that marks nothing as deleted."""
        if named := ", ".join(ids):
            self.logger.warning(
                "%s does not show what '%s' was to read again (read_again_ids): %s. What was "
                "loaded of it stays as it is.",
                self.api_name,
                self.name,
                named,
            )

    @property
    def begins_earlier(self) -> bool:
        """Whether `start_date` now is before the one that the stream was read from."""
        read_from = self.stream_state.get("read_from")
        return read_from is not None and (self.start or BEGINNING) < utc(read_from)

    def get_records(self, context: Context | None) -> Iterable[Record]:
        """Yield every row of the API, then note from which moment on all is read."""
        self._stream_version = self._tap.server_clock_milliseconds
        yield from super().get_records(context)
        state, start = self.stream_state, self.start or BEGINNING
        state["read_from"] = min(state.get("read_from", start), start)

    def take_up_state(self) -> None:
        """Drop what cannot be right, and begin anew where nothing is left.

        Raises:
            FatalAPIError: One sentence, if the state is that of another source.
        """
        super().take_up_state()
        self._drop_future_bookmark()
        if self.begins_earlier:
            self.logger.info(
                "start_date was set to an earlier moment: '%s' is read again from there.", self.name
            )
        if "replication_key_value" not in self.stream_state:
            self.stream_state["read_from"] = self.start or BEGINNING

    @property
    def start(self) -> str | None:
        """The moment to read from without a bookmark: `start_date`, None for everything."""
        start_date = self.config.get("start_date")
        return utc(start_date) if start_date else None

    def _drop_future_bookmark(self) -> None:
        """Drop a bookmark that the server's clock has not reached, and read everything again.

        It tells nothing: what changed since the last run would be skipped until then.
        """
        bookmark = self.stream_state.get("replication_key_value")
        if bookmark and self.is_ahead(bookmark):
            self.logger.warning(
                "The bookmark of '%s', %s, lies in the future, so all is read again.",
                self.name,
                bookmark,
            )
            del self.stream_state["replication_key_value"]

    def is_sweep_due(self, hours: float) -> bool:
        """Tell whether to read all, for what shows up without a change; `swept_at` says since when.

        Args:
            hours: How often that is.
        """
        swept_at = self.stream_state.get("swept_at")
        if not swept_at or self.is_ahead(swept_at):
            return True
        return shifted(swept_at, round(hours * 3600)) <= utc(self._tap.server_clock)

    def is_ahead(self, moment: str) -> bool:
        """Tell whether a moment of the state cannot be right: the server's clock is before it."""
        return self.overlapped(moment) > utc(self._tap.server_clock)

    def overlapped(self, moment: str) -> str:
        """Return a moment less the overlap, `lookback_seconds`."""
        return shifted(moment, -self.config["lookback_seconds"])

    def get_replication_key_signpost(self, context: Context | None = None) -> Any:  # noqa: ANN401, ARG002
        """The furthest moment that the bookmark may reach."""
        return utc(self._tap.server_clock)

    def compare_start_date(self, value: str, start_date_value: str) -> str:  # noqa: ARG002
        """Prefer the bookmark: a `start_date` set later must not skip what lies between."""
        return value

    def _increment_stream_state(
        self, latest_record: Record, *, context: Context | None = None
    ) -> None:
        key = str(self.replication_key)
        reached = min(latest_record.get(key) or "", utc(self._tap.server_clock))
        if not self.is_sorted:
            # singer-sdk would warn in every run that an unsorted stream cannot be resumed.
            self.stream_state.setdefault("progress_markers", {})
        elif reached <= self.stream_state.get("replication_key_value", ""):
            return
        super()._increment_stream_state({key: reached or None}, context=context)
