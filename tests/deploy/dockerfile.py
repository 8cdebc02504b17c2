"""A service's Dockerfile, read as instructions."""

import re
import shlex
from typing import NamedTuple

from tests.deploy.manifests import ROOT


class Instruction(NamedTuple):
    """`COPY shared/ shared/` is ("COPY", "shared/ shared/")."""

    name: str
    rest: str


def instructions(service: str) -> list[Instruction]:
    """The instructions of services/<service>/Dockerfile, continued lines joined."""
    text = (ROOT / "services" / service / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [Instruction(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines)]


def stages(service: str) -> list[list[Instruction]]:
    """The instructions of each stage, each beginning with its FROM; what comes before the first is left out."""
    found: list[list[Instruction]] = []
    for instruction in instructions(service):
        if instruction.name == "FROM":
            found.append([])
        if found:
            found[-1].append(instruction)
    return found


def copied(stage: list[Instruction]) -> list[tuple[str, str]]:
    """(source, destination) of what a stage copies from the checkout."""
    pairs = []
    for instruction in stage:
        if instruction.name == "COPY" and "--from=" not in instruction.rest:
            *sources, destination = shlex.split(instruction.rest)
            pairs += [(source, destination) for source in sources]
    return pairs


def install_arguments(service: str) -> list[str]:
    """The arguments of the one `uv pip install` of the image, without `uv`."""
    runs = " && ".join(instruction.rest for instruction in stages(service)[0] if instruction.name == "RUN")
    (install,) = re.findall(r"\buv (pip install [^&]+)", runs)
    return shlex.split(install)
