"""Topics, schemas, examples: what producers may publish and consumers must accept."""

import importlib
from copy import deepcopy
from typing import Any

import pytest

from services.evaluation import decode as evaluation
from services.evaluation import registry_events
from shared.contracts import compatibility
from shared.contracts.catalogue import ContractError, catalogue, examples, schema, validate
from shared.envelope import Event, Received, attributes, to_record
from shared.errors import Impossible
from shared.units import replica

TYPES = {topic.type: name for name, topic in catalogue().topics.items()}
READERS = {
    "evaluation.figures": {
        "registry.units.v1": replica.decode,
        "registry.rosters.v1": registry_events.roster,
        "registry.villages.v1": registry_events.village,
        "registry.targets.v1": registry_events.target,
        "meetings.meetings.v1": evaluation.meeting,
        "meetings.tasks.v1": evaluation.task,
    },
    "meetings.replica": importlib.import_module("services.meetings.worker").decode,
    "notifications.notices": importlib.import_module("services.notifications.stream").decode,
}
REMOVED = {"registry.target.v1", "evaluation.rubric.v1"}
"""Types whose aggregates can be taken back."""
EXAMPLES = [(type_, name) for type_ in TYPES for name in examples(type_)]


def _decoder(group: str, topic: str) -> Any:
    reader = READERS[group]
    return reader[topic] if isinstance(reader, dict) else reader


def _record(type_: str, data: dict[str, Any] | None) -> Received:
    record = to_record(Event(topic=TYPES[type_], type=type_, source="/test", key="key", data=data))
    return Received(record.topic, 0, 0, record.key, record.value, record.headers)


def test_every_topic_has_an_owner_a_schema_and_an_example() -> None:
    for name, topic in catalogue().topics.items():
        assert name.startswith(f"{topic.owner}."), name
        assert schema(topic.type)["title"]
        assert examples(topic.type), topic.type
        assert not topic.personal_data


def test_readers_are_the_groups_that_read() -> None:
    for name, topic in catalogue().topics.items():
        reading = {group.service for group in catalogue().groups.values() if name in group.reads}
        assert set(topic.readers) == reading, name


@pytest.mark.parametrize(("type_", "name"), EXAMPLES)
def test_examples_keep_the_contract(type_: str, name: str) -> None:
    validate(type_, examples(type_)[name])


@pytest.mark.parametrize(("type_", "name"), EXAMPLES)
def test_what_lacks_a_required_member_breaks_it(type_: str, name: str) -> None:
    for member in schema(type_)["required"]:
        lacking = {key: value for key, value in examples(type_)[name].items() if key != member}
        with pytest.raises(ContractError):
            validate(type_, lacking)


@pytest.mark.parametrize("group", catalogue().groups)
def test_every_reader_accepts_every_example_and_members_it_does_not_know(group: str) -> None:
    for topic in catalogue().groups[group].reads:
        type_ = catalogue().topics[topic].type
        for example in examples(type_).values():
            record = _record(type_, {**example, "not_known_yet": {"a": [1]}})
            _decoder(group, topic)(record, attributes(record))


@pytest.mark.parametrize("group", catalogue().groups)
def test_every_reader_names_what_it_cannot_apply(group: str) -> None:
    for topic in catalogue().groups[group].reads:
        type_ = catalogue().topics[topic].type
        example = next(iter(examples(type_).values()))
        good = _record(type_, example)
        for spoilt, reason in (
            (Received(topic, 0, 0, b"key", b"{", good.headers), "malformed"),
            (Received(topic, 0, 0, b"key", b'"text"', good.headers), "malformed"),
            (_record(type_, {**example, "version": "seven"}), "malformed"),
            # What is taken back has no value, and is told by its key: which has to be an id.
            (_record(type_, None), "malformed" if type_ in REMOVED else "unexpected-tombstone"),
            (Received(topic, 0, 0, b"key", good.value, [("ce_type", b"x")]), "not-a-cloudevent"),
            (
                Received(
                    topic,
                    0,
                    0,
                    b"key",
                    good.value,
                    [(n, b"other.v9" if n == "ce_type" else v) for n, v in good.headers],
                ),
                "unknown-type",
            ),
        ):
            with pytest.raises(Impossible) as impossible:
                _decoder(group, topic)(spoilt, attributes(spoilt))
            assert impossible.value.reason == reason, (group, topic)


@pytest.mark.parametrize("type_", TYPES)
def test_no_schema_breaks_the_released_one(type_: str) -> None:
    released = compatibility.released(type_)
    assert released is not None, f"copy schemas/{type_}.json to released/ when its topic is first released"
    assert list(compatibility.breaking_changes(released, schema(type_))) == []


def _changed(**changes: Any) -> dict[str, Any]:
    changed = deepcopy(schema("meetings.task.v1"))
    for path, value in changes.items():
        node: Any = changed
        *steps, last = path.split("__")
        for step in steps:
            node = node[step]
        if value is None:
            del node[last]
        else:
            node[last] = value
    return changed


@pytest.mark.parametrize(
    "new",
    [
        _changed(required=[*schema("meetings.task.v1")["required"], "new"]),
        _changed(required=schema("meetings.task.v1")["required"][1:]),
        _changed(properties__version__type="string"),
        _changed(properties__version__minimum=5),
        _changed(properties__status={"enum": ["assigned", "done"]}),
        _changed(properties__status={"enum": ["assigned", "done", "cancelled", "paused"]}),
        _changed(properties__done_on={"type": "string", "format": "date"}),
        _changed(additionalProperties=False),
    ],
)
def test_the_check_finds_a_breaking_change(new: dict[str, Any]) -> None:
    assert list(compatibility.breaking_changes(schema("meetings.task.v1"), new))


def test_the_check_lets_an_optional_member_come_and_go() -> None:
    old, new = schema("meetings.task.v1"), _changed(properties__evidence={"type": "string"})
    assert list(compatibility.breaking_changes(old, new)) == []
    assert list(compatibility.breaking_changes(new, old)) == []
