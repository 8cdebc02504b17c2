"""Writes the pages that repeat what the code says (`make docs`); tests/contract/test_docs.py fails on a stale one."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
from prometheus_client import Counter, Gauge, Histogram

from services.evaluation import figures
from services.evaluation.settings import EvaluationSettings
from services.meetings.settings import MeetingsSettings
from services.notifications.settings import NotificationsSettings
from services.registry.settings import RegistrySettings
from shared import metrics
from shared.contracts.catalogue import catalogue, dead_letter_topic, examples, schema
from shared.settings import PREFIX, Settings

HERE: Final = Path(__file__).parent
_SERVICES: Final[dict[str, type[Settings]]] = {
    "registry": RegistrySettings,
    "meetings": MeetingsSettings,
    "evaluation": EvaluationSettings,
    "notifications": NotificationsSettings,
}
_NOTE: Final = "<!-- written by docs/generate.py: change the code and run `make docs` -->"


def settings_page() -> str:
    """Every setting of every process."""
    lines = [
        "# Settings",
        "",
        _NOTE,
        "",
        "Every process reads its settings from the environment when it starts, and does not start when one is",
        "missing or cannot be read.",
    ]
    common = {field.name for field in msgspec.structs.fields(Settings)}
    lines += ["", "## Every service", "", *_setting_rows(Settings, common)]
    for name, kind in _SERVICES.items():
        own = {field.name for field in msgspec.structs.fields(kind)} - common
        lines += ["", f"## {name}", "", *(_setting_rows(kind, own) if own else ["Nothing besides."])]
    return "\n".join(lines) + "\n"


def _setting_rows(kind: type[Settings], names: set[str]) -> Iterator[str]:
    yield "| setting | default | meaning |"
    yield "|---|---|---|"
    for field in msgspec.structs.fields(kind):
        if field.name in names:
            described = msgspec.inspect.type_info(field.type)
            meta = getattr(described, "extra_json_schema", None) or {}
            default = "*needed*" if field.required else f"`{field.default!r}`"
            yield f"| `{PREFIX}{field.name.upper()}` | {default} | {meta.get('description', '')} |"


def metrics_page() -> str:
    """Every metric."""
    lines = ["# Metrics", "", _NOTE, "", "| metric | kind | labels | meaning |", "|---|---|---|---|"]
    for metric in vars(metrics).values():
        if isinstance(metric, Counter | Gauge | Histogram):
            described = next(iter(metric.describe()))
            name = described.name + ("_total" if isinstance(metric, Counter) else "")
            labels = ", ".join(getattr(metric, "_labelnames", ())) or "–"
            lines.append(f"| `{name}` | {described.type} | {labels} | {described.documentation} |")
    return "\n".join(lines) + "\n"


def figures_page() -> str:
    """Every figure."""
    lines = ["# Figures", "", _NOTE, "", "Parts add up over branches and are maintained by the stream.", ""]
    lines += ["| part | Tiếng Việt | meaning | counted from |", "|---|---|---|---|"]
    lines += [f"| `{part.name}` | {part.vi} | {part.en} | {part.source} |" for part in figures.PARTS]
    lines += ["", "Derived figures are computed from parts when they are read.", ""]
    lines += ["| figure | Tiếng Việt | meaning | formula |", "|---|---|---|---|"]
    lines += [f"| `{one.name}` | {one.vi} | {one.en} | `{one.formula}` |" for one in figures.DERIVED]
    return "\n".join(lines) + "\n"


def events_page() -> str:
    """Every topic, what it carries, and an example."""
    lines = ["# Topics and events", "", _NOTE, ""]
    lines += [
        "CloudEvents 1.0 in Kafka's binary mode: attributes in `ce_` headers, the aggregate's whole state and version",
        "as the value. Readers keep a row only if its version is newer. Members a reader does not know are ignored;",
        "only optional members may come or go.",
    ]
    for name, topic in catalogue().topics.items():
        lines += ["", f"## {name}", "", f"{topic.meaning[0].upper()}{topic.meaning[1:]}.", ""]
        lines += [f"- type `{topic.type}`, key `{topic.key}`, {topic.partitions} partitions, {topic.cleanup}"]
        lines += [f"- written by {topic.owner}, read by {', '.join(topic.readers) or 'whoever subscribes'}", ""]
        lines += ["| member | | meaning |", "|---|---|---|", *_members(schema(topic.type), "")]
        example = next(iter(examples(topic.type).values()))
        lines += ["", "```json", msgspec.json.format(msgspec.json.encode(example), indent=2).decode(), "```"]
    lines += ["", "## Dead letters", "", "| group | reads | dead letters |", "|---|---|---|"]
    for name, group in catalogue().groups.items():
        lines.append(f"| {name} | {', '.join(group.reads)} | {dead_letter_topic(name)} |")
    return "\n".join(lines) + "\n"


def _members(of: dict[str, Any], at: str) -> Iterator[str]:
    for name, member in of.get("properties", {}).items():
        forms = member.get("anyOf", [member])
        form = forms[0]
        kind = form.get("format") or form.get("type") or " \\| ".join(map(str, form.get("enum", [])))
        needed = "" if name in of.get("required", []) else "optional, "
        null = ", or null" if {"type": "null"} in forms else ""
        yield f"| `{at}{name}` | {needed}{kind}{null} | {member.get('description', '')} |"
        if form.get("type") == "object":
            yield from _members(form, f"{at}{name}.")
        if "properties" in form.get("items", {}):
            yield from _members(form["items"], f"{at}{name}[].")


PAGES: Final[dict[str, Callable[[], str]]] = {
    "settings.md": settings_page,
    "metrics.md": metrics_page,
    "figures.md": figures_page,
    "events.md": events_page,
}

if __name__ == "__main__":
    for file, page in PAGES.items():
        (HERE / file).write_text(page())
