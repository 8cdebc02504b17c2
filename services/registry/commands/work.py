"""One request's work: its transaction, who does it, and the day it is done."""

from datetime import date

import msgspec

from services.registry.domain.audit import Author
from services.registry.store.vault import Vault
from shared.db import Connection


class Work(msgspec.Struct, frozen=True):
    """What every command needs. The transaction commits when the door returns."""

    conn: Connection
    author: Author
    today: date
    vault: Vault
