"""The Kafka resources that follow from `shared/contracts/topics.yaml`: topics, and what each service may do to them.

`python -m deploy.k8s.render` writes the files again; tests/deploy says when they are stale.
"""

from pathlib import Path
from typing import Any

import yaml

from shared.contracts.catalogue import Catalogue, catalogue, dead_letter_topic
from shared.kafka.admin import declared_topics

API = "kafka.strimzi.io/v1"
CLUSTER = "nenep"
_COMPONENTS = Path(__file__).parent / "components"
_HEADER = "# Written by `python -m deploy.k8s.render` from shared/contracts/topics.yaml: change that, not this.\n"

Resource = dict[str, Any]


def topics() -> list[Resource]:
    """A KafkaTopic for every declared topic, dead letters among them; replicas are the cluster's default."""
    return [
        _resource("KafkaTopic", name, {"partitions": partitions, "config": {k: _plain(v) for k, v in config.items()}})
        for name, (partitions, config) in declared_topics().items()
    ]


def users() -> list[Resource]:
    """A KafkaUser for every service, with a client certificate and the least rights its processes work with."""
    declared = catalogue()
    return [
        _resource(
            "KafkaUser",
            f"nenep-{service}",
            {
                "authentication": {"type": "tls"},
                "authorization": {"type": "simple", "acls": _rights(service, declared)},
            },
        )
        for service in dict.fromkeys(topic.owner for topic in declared.topics.values())
    ]


def _rights(service: str, declared: Catalogue) -> list[Resource]:
    """Write its own topics and dead letters, read what its groups read, join groups of its own name.

    It also reads the dead letters of its topics' readers: a record sent back leaves through the outbox of the topic's
    owner, since no other service may write there.
    """
    groups = {name: group for name, group in declared.groups.items() if group.service == service}
    own = [name for name, topic in declared.topics.items() if topic.owner == service]
    write = {*own, *(dead_letter_topic(name) for name in groups)}
    read = {topic for group in groups.values() for topic in group.reads}
    read |= {dead_letter_topic(n) for n, group in declared.groups.items() if n in groups or set(group.reads) & set(own)}
    rights = [
        _acl("topic", topic, ["Describe", *(["Read"] if topic in read else []), *(["Write"] if topic in write else [])])
        for topic in sorted(read | write)
    ]
    if groups:
        rights.append(_acl("group", f"{service}.", ["Describe", "Read"], pattern="prefix"))
    return rights


def _acl(kind: str, name: str, operations: list[str], *, pattern: str = "literal") -> Resource:
    return {"resource": {"type": kind, "name": name, "patternType": pattern}, "operations": operations}


def _resource(kind: str, name: str, spec: Resource) -> Resource:
    metadata = {"name": name, "labels": {"strimzi.io/cluster": CLUSTER}}
    return {"apiVersion": API, "kind": kind, "metadata": metadata, "spec": spec}


def _plain(value: str) -> int | float | str:
    for read in (int, float):
        try:
            return read(value)
        except ValueError:
            continue
    return value


def files() -> dict[Path, str]:
    """What belongs in each rendered file."""
    rendered = {_COMPONENTS / "kafka" / "topics.yaml": topics(), _COMPONENTS / "kafka-access" / "users.yaml": users()}
    return {
        path: _HEADER + yaml.safe_dump_all(resources, explicit_start=True, sort_keys=False)
        for path, resources in rendered.items()
    }


def main() -> None:
    """Write the rendered files."""
    for path, content in files().items():
        path.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
