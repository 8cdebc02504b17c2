"""The QR code of a paper's check code."""

import io

import segno


def svg(text: str) -> str:
    """The code as an SVG picture."""
    made = io.BytesIO()
    segno.make_qr(text, error="m").save(made, kind="svg", border=0, xmldecl=False)
    return made.getvalue().decode()


def png(text: str) -> bytes:
    """The code as a PNG picture."""
    made = io.BytesIO()
    segno.make_qr(text, error="m").save(made, kind="png", scale=8, border=0)
    return made.getvalue()
