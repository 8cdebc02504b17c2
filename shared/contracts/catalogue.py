"""The catalogue of topics and the schemas of what they carry."""

from functools import cache
from importlib import resources
from typing import Any, Literal

import jsonschema_rs
import msgspec

_HERE = resources.files(__package__)


class Topic(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One topic as `topics.yaml` declares it."""

    meaning: str
    type: str
    key: str
    owner: str
    readers: list[str]
    partitions: int
    cleanup: Literal["compact", "delete"]
    personal_data: bool


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One consumer group: the service that runs it and the topics it reads."""

    service: str
    reads: list[str]


class Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All topics and groups, by name."""

    topics: dict[str, Topic]
    groups: dict[str, Group]

    def topic_of(self, type_: str) -> str:
        """The topic that carries events of `type_`. Raises KeyError."""
        return {topic.type: name for name, topic in self.topics.items()}[type_]


def dead_letter_topic(group: str) -> str:
    """The topic that keeps what `group` could not apply."""
    return f"{group}.dlq"


@cache
def catalogue() -> Catalogue:
    """The catalogue as `topics.yaml` states it. Raises msgspec.ValidationError when the file is not well formed."""
    return msgspec.yaml.decode((_HERE / "topics.yaml").read_bytes(), type=Catalogue)


@cache
def schema(type_: str) -> dict[str, Any]:
    """The JSON Schema of events of `type_`. Raises FileNotFoundError for a type nobody declared."""
    decoded: dict[str, Any] = msgspec.json.decode((_HERE / "schemas" / f"{type_}.json").read_bytes())
    return decoded


@cache
def _validator(type_: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(schema(type_), validate_formats=True)


class ContractError(Exception):
    """A service was about to publish what its contract does not allow: a defect of the service."""


def validate(type_: str, data: dict[str, Any]) -> None:
    """Check `data` against the contract of `type_`. Raises ContractError, naming the member but not its value."""
    validator = _validator(type_)
    if validator.is_valid(data):
        return
    error = next(iter(validator.iter_errors(data)))
    where = "/".join(str(part) for part in error.instance_path) or "(root)"
    rule = "/".join(str(part) for part in error.schema_path)
    raise ContractError(f"{type_}: {where} breaks {rule}")


def examples(type_: str) -> dict[str, dict[str, Any]]:
    """The examples of events of `type_`, by file name."""
    folder = _HERE / "examples" / type_
    return {
        entry.name: msgspec.json.decode(entry.read_bytes())
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".json")
    }
