"""Units as they come from their topic: what no database can keep is impossible, and holds nothing up."""

from uuid import UUID

import pytest

from shared.envelope import attributes
from shared.errors import Impossible
from shared.units import replica
from tests.support import events


@pytest.mark.parametrize("name", ["Chi bộ 1\0", "\0"])
def test_a_name_that_postgresql_cannot_keep_is_impossible(name: str) -> None:
    record = events.received("registry.unit.v1", events.unit(UUID(int=1), None, name=name))
    with pytest.raises(Impossible) as raised:
        replica.decode(record, attributes(record))
    assert raised.value.reason == "impossible-value"


def test_a_name_is_kept_as_it_is() -> None:
    record = events.received("registry.unit.v1", events.unit(UUID(int=1), None, name="Chi bộ 0000"))
    assert replica.decode(record, attributes(record)).spans[0].name == "Chi bộ 0000"
