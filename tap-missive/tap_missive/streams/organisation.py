"""Who there is, and how they answer: organizations, users, teams, responses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from singer_sdk import typing as th
from tap_kit.schema import flag, key, moment, schema, structure, structures, text, texts

from tap_missive.client import ListStream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tap_kit.columns import Row


class Organizations(ListStream):
    """Organizations that the token's owner belongs to (fact sheet 6.8)."""

    name = "organizations"
    path = "organizations"
    envelope = "organizations"
    schema = schema(
        key("id", "Id of the organization.", th.StringType()),
        text("name", "Name."),
    )

    def slice(self, offset: int, **parameters: Any) -> list[Row]:  # noqa: ANN401
        """Return the rows from an offset on; with the first ones the run has begun."""
        if offset:
            return super().slice(offset, **parameters)
        return self._rows(self._tap.greeting.body, None)


class Users(ListStream):
    """Users that the token's owner works with (fact sheet 6.8)."""

    name = "users"
    path = "users"
    envelope = "users"
    schema = schema(
        key("id", "Id of the user.", th.StringType()),
        text("name", "Name."),
        text("email", "E-mail address."),
        text("avatar_url", "Address of the picture."),
        flag("me", "True for the owner of the token."),
    )

    def get_rows(self) -> Iterator[Row]:
        """Yield every user; asked for once per run, because the owner of the token is one."""
        yield from self._tap.users


class Teams(ListStream):
    """Teams (fact sheet 6.8)."""

    name = "teams"
    path = "teams"
    envelope = "teams"
    schema = schema(
        key("id", "Id of the team.", th.StringType()),
        text("name", "Name."),
        text("organization_id", "Organization."),
        texts("active_member_ids", "Users who take part."),
        texts("observer_ids", "Users who may look on."),
        text("emoji", "Sign in front of the name."),
        text("color", "Colour."),
        structure("business_hours", "Working hours: time zone and spans in seconds of the day."),
    )


class Responses(ListStream):
    """Prepared answers (fact sheet 6.10)."""

    name = "responses"
    path = "responses"
    envelope = "responses"
    schema = schema(
        key("id", "Id of the response.", th.StringType()),
        text("title", "Title."),
        text("subject", "Subject of the mail."),
        text("body", "Text as HTML."),
        text("organization_id", "Organization that shares it; null for a personal one."),
        text("user_id", "Owner of a personal one."),
        text("share_with_team_id", "Team that alone may use it."),
        structures("to_fields", "Recipients: `name`, `address`."),
        structures("cc_fields", "Recipients of a copy."),
        structures("bcc_fields", "Recipients of a blind copy."),
        texts("shared_label_ids", "Labels that sending it adds."),
        structures("attachments", "Files; addresses without their signature, which expires."),
        text("external_id", "Id in the system it came from."),
        text("external_source", "System it came from."),
        moment("modified_at", "When it was last changed."),
    )
