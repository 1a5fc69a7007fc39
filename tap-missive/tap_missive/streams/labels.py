"""How mail is sorted: shared labels."""

from __future__ import annotations

from singer_sdk import typing as th
from tap_kit.schema import flag, key, schema, text, texts

from tap_missive.client import ListStream


class SharedLabels(ListStream):
    """Shared labels; they have no timestamps, so a rename is only seen by reading all (6.7).

    A label that only others may see is missing here, though conversations carry it; what they say
    of it stands in `conversations.shared_labels`.
    """

    name = "shared_labels"
    path = "shared_labels"
    envelope = "shared_labels"
    schema = schema(
        key("id", "Id of the label.", th.StringType()),
        text("name", "Name without its parents; may hold commas and slashes."),
        text("name_with_parent_names", "Names from the top label down, joined by `/`."),
        text("parent_id", "Label above; null at the top."),
        text("organization_id", "Organization."),
        text("color", "Colour, `#rrggbb`."),
        flag("share_with_organization", "Shared with the whole organization."),
        text("share_with_team_id", "Team it is shared with."),
        texts("share_with_user_ids", "Users it is shared with."),
        text("visibility", "`organization` or `delegates`."),
    )
