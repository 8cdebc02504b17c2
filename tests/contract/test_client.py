"""The Python client says what the API says of itself."""

import msgspec

from client.generate import DOCUMENT, MODULE, document, module, written


def test_the_stored_description_is_the_running_one() -> None:
    assert DOCUMENT.read_bytes() == written(document()), "run `python -m client.generate`"


def test_the_client_is_made_from_the_stored_description() -> None:
    described = msgspec.json.decode(DOCUMENT.read_bytes())
    assert MODULE.read_text() == module(described), "run `python -m client.generate`"
