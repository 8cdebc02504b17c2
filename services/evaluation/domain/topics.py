"""The topics figures are counted from, by their names in `shared/contracts/topics.yaml`."""

from typing import Final

UNITS: Final = "registry.units.v1"
ROSTERS: Final = "registry.rosters.v1"
VILLAGES: Final = "registry.villages.v1"
TARGETS: Final = "registry.targets.v1"
MEETINGS: Final = "meetings.meetings.v1"
TASKS: Final = "meetings.tasks.v1"
