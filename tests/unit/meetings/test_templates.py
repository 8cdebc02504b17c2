"""Templates as dated data."""

from datetime import date
from typing import Any

import msgspec
import pytest

from services.meetings.domain import templates
from services.meetings.domain.templates import KINDS, Layout, Requirement, Template, Templates
from services.meetings.store.migrations import template_seeds
from shared.errors import Unprocessable
from tests.unit.meetings.papers import BRANCH, TASK

_TODAY = date(2026, 6, 15)


def seeds() -> list[Layout]:
    """The central templates, decoded as the store does."""
    names = Layout.__struct_fields__
    return [msgspec.convert({name: row[name] for name in names}, Layout) for row in template_seeds.rows()]


def layout(**changes: Any) -> Layout:
    """A version of a template for communes."""
    first = next(one for one in seeds() if one.valid_to is None)
    return msgspec.structs.replace(first, valid_from=date(2026, 7, 1), **changes)


def test_every_type_and_kind_has_a_central_template_without_gap_or_overlap() -> None:
    versions: dict[tuple[str, str], list[Layout]] = {}
    for one in seeds():
        versions.setdefault((one.branch_type, one.kind), []).append(one)
        assert one.issuer
        assert one.citation
        assert sum(item.minutes for item in one.agenda) == one.minutes_planned
        assert {part.name for part in one.sections} == set(templates.SECTIONS)
    assert set(versions) == {(type_, kind) for type_ in templates.BRANCH_TYPES for kind in KINDS}
    for of in versions.values():
        assert of[0].valid_from == date(2011, 1, 19)
        assert [one.valid_to for one in of] == [one.valid_from for one in of[1:]] + [None]


def test_the_central_templates_require_what_the_rule_before_them_did() -> None:
    short = ("opening", "discussion", "conclusion")
    wanted = {
        "regular": (*templates.SECTIONS[:5], "conclusion"),
        "thematic": short,
        "committee": short,
        "extraordinary": short,
    }
    assert all(one.required == wanted[one.kind] for one in seeds())


def test_types_of_branches_are_told_what_weighs_for_them() -> None:
    hints = {
        one.branch_type: next(part.hint.vi for part in one.sections if part.name == "discussion")
        for one in seeds()
        if one.kind == "regular"
    }
    assert len(set(hints.values())) == len(templates.BRANCH_TYPES)


def test_a_provinces_own_takes_the_place_of_the_central_one_while_it_holds() -> None:
    central = [Requirement("ward", kind, False, date(2011, 1, 1), None, ("opening",)) for kind in KINDS]
    own = Requirement("ward", "regular", True, date(2026, 1, 1), date(2026, 7, 1), ("opening", "ideology"))
    over = Templates((own, *central))
    assert over.required_on("ward", date(2025, 12, 31))["regular"] == ("opening",)
    assert over.required_on("ward", date(2026, 1, 1))["regular"] == ("opening", "ideology")
    assert over.required_on("ward", date(2026, 7, 1))["regular"] == ("opening",)
    assert over.required_on("ward", date(2026, 3, 1))["thematic"] == ("opening",)


def test_a_branch_of_unknown_type_follows_the_type_other() -> None:
    over = Templates(tuple(Requirement("other", kind, False, date(2011, 1, 1), None, ("opening",)) for kind in KINDS))
    assert over.required_on(None, _TODAY)["committee"] == ("opening",)


def test_a_day_without_a_template_is_refused() -> None:
    over = Templates((Requirement("ward", "regular", False, date(2011, 1, 1), None, ("opening",)),))
    with pytest.raises(Unprocessable) as refused:
        over.required_on("ward", _TODAY)
    assert [fault.rule for fault in refused.value.faults] == ["no-rule-in-force"]
    assert "thematic" in refused.value.faults[0].message.en


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"valid_from": date(2026, 6, 14)}, "valid_from", "template-in-past"),
        ({"valid_to": date(2026, 7, 1)}, "valid_to", "ends-before-it-begins"),
        ({"minutes_planned": 30}, "agenda", "agenda-too-long"),
        ({"sections": ()}, "sections", "nothing-required"),
    ],
)
def test_a_faulty_version_is_named(changes: dict[str, Any], field: str, rule: str) -> None:
    faulty = msgspec.structs.replace(layout(), **changes)
    assert (field, rule) in [(fault.field, fault.rule) for fault in templates.faults_of(faulty, _TODAY)]


def test_sections_are_known_and_named_once() -> None:
    part = layout().sections[0]
    strange = msgspec.structs.replace(part, name="weather")
    faults = templates.faults_of(layout(sections=(part, part, strange)), _TODAY)
    assert [(fault.field, fault.rule) for fault in faults] == [
        ("sections[1].name", "section-named-twice"),
        ("sections[2].name", "no-such-section"),
    ]


def _of(first: date, last: date | None) -> Template:
    return Template(TASK, BRANCH, msgspec.structs.replace(layout(), valid_from=first, valid_to=last))


@pytest.mark.parametrize(
    ("first", "last", "meets"),
    [
        (date(2026, 1, 1), date(2026, 7, 1), False),
        (date(2026, 1, 1), date(2026, 7, 2), True),
        (date(2026, 1, 1), None, False),
        (date(2026, 7, 1), None, True),
        (date(2026, 8, 1), None, True),
        (date(2026, 8, 1), date(2026, 9, 1), True),
    ],
)
def test_versions_of_one_unit_do_not_overlap(first: date, last: date | None, meets: bool) -> None:
    assert bool(templates.overlapping(layout(), [_of(first, last)])) is meets


def test_only_an_open_version_is_ended_by_a_new_open_one() -> None:
    bounded = msgspec.structs.replace(layout(), valid_to=date(2026, 12, 1))
    assert templates.overlapping(bounded, [_of(date(2026, 1, 1), None)])
