"""How the workbooks we write look."""

from typing import Final

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

DAY_FORMAT: Final = "dd/mm/yyyy"
TEXT_FORMAT: Final = "@"
HEADER_FONT: Final = Font(bold=True, color="FFFFFF")
HEADER_FILL: Final = PatternFill("solid", start_color="9B1C1C")
NEEDED_FILL: Final = PatternFill("solid", start_color="7A1414")
HEADER_ALIGNMENT: Final = Alignment(vertical="center", wrap_text=True)
WRONG_FILL: Final = PatternFill("solid", start_color="FFD6D6")
_EDGE: Final = Side(style="thin", color="C00000")
WRONG_BORDER: Final = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
TITLE_FONT: Final = Font(bold=True, size=14)
WRAPPED: Final = Alignment(vertical="top", wrap_text=True)
