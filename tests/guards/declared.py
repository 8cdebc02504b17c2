"""Every guard: what is changed to take it out, the test that then fails, and the words it fails with.

Guards stand behind each other. So a declaration names the failure that shows its own guard's absence; that the test
fails somehow is not enough.
"""

from typing import Final

from tests.guards.beside import BESIDE
from tests.guards.proofs import OF_PROOFS

GUARDS: Final = (*OF_PROOFS, *BESIDE)
