"""What a person is told when the suite cannot go on."""


class LocalError(RuntimeError):
    """A failure with its cause and what to do, in Vietnamese and then in English."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(f"{vi}\n{en}")
        self.vi = vi
        self.en = en
