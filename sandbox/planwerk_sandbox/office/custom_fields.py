"""Custom fields: their definitions, and values that fit them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planwerk_sandbox.office import model, tag_names
from planwerk_sandbox.office.dice import HISTORY, Dice, Ids, day, written
from planwerk_sandbox.office.people import ADMIN_ID

if TYPE_CHECKING:
    from planwerk_sandbox.office.office import Office


def add_definitions(office: Office, dice: Dice) -> None:
    """Add definitions of the usual types for tasks, projects and companies; one is deleted."""
    ids = Ids(6_101, dice)
    definitions: tuple[tuple[str, str, str, dict[str, Any] | None], ...] = (
        ("Gewerk", "dropdown", "task", _choices("Heizung", "Lüftung", "Sanitär", "Elektro")),
        ("Kosten netto", "number-decimal", "task", {"decimals": 2}),
        ("Planstand", "date", "task", None),
        ("Freigegeben", "checkbox", "task", None),
        ("Betroffene Gewerke", "multiselect", "task", _choices("HLS", "ELT", "GA", "Bau")),
        ("Plannummer", "text-short", "task", None),
        ("Anzahl Anlagen", "number-integer", "task", None),
        ("Honorarzone", "dropdown", "project", _choices("I", "II", "III")),
        ("Bausumme", "financial", "project", None),
        ("Kreditorennummer", "text-short", "company", None),
        ("Altes Feld", "text-long", "task", None),
    )
    for name, kind, entity, options in definitions:
        created = written(dice.working_second(0, HISTORY // 3))
        office.add(
            "custom_fields",
            model.CustomField(
                id=ids.take(),
                name=name,
                description=None if dice.chance(0.3) else "",
                type=kind,
                entity=entity,
                options=options,
                currency_code="EUR" if kind == "financial" else None,
                unit_id=1 if kind == "financial" else None,
                created_at=created,
                created_by=ADMIN_ID,
            ),
        )
    old = list(office.custom_fields.values())[-1]
    old.updated_at = old.deleted_at = written(HISTORY // 2)
    old.updated_by = old.deleted_by = ADMIN_ID


def _choices(*names: str) -> dict[str, Any]:
    return {
        "choices": [
            {"value": name, "color": color}
            for name, color in zip(names, tag_names.COLORS, strict=False)
        ]
    }


def draw_value(  # noqa: PLR0911  # one return per type
    dice: Dice, definition: model.CustomField
) -> Any:  # noqa: ANN401  # any JSON
    """Draw a value that fits a custom field's type."""
    labels = [choice["value"] for choice in (definition.options or {}).get("choices", ())]
    match definition.type:
        case "dropdown":
            return dice.one_of(labels)
        case "multiselect":
            return dice.some_of(labels, dice.number(1, 3))
        case "number-decimal" | "financial":
            return dice.number(1_000, 9_000_000) / 100
        case "number-integer":
            return dice.number(1, 40)
        case "checkbox":
            return dice.chance(0.5)
        case "date":
            return day(dice.number(HISTORY // 2, HISTORY))[:10]
        case _:
            return f"{dice.one_of(('H', 'L', 'S', 'E'))}-{dice.number(100, 999)}"


def add_values_of_parents(office: Office, dice: Dice, ids: Ids) -> None:
    """Fill the custom fields of all projects and companies."""
    for definition in office.custom_fields.values():
        owners: list[model.Project | model.Company] = []
        if definition.entity == "project":
            owners += office.projects.values()
        elif definition.entity == "company":
            owners += office.companies.values()
        for owner in owners:
            is_project = isinstance(owner, model.Project)
            value = model.CustomFieldValue(
                id=ids.take(),
                customfield_id=definition.id,
                project_id=owner.id if is_project else None,
                company_id=None if is_project else owner.id,
                value=draw_value(dice, definition),
                currency_symbol="€" if definition.currency_code else "",
                created_at=owner.created_at,
                created_by=ADMIN_ID,
            )
            office.add("custom_field_values", value)
