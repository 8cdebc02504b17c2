"""Briefing packs at the doors."""

from typing import Final

from services.evaluation.api.schemas import committees
from shared.http.blueprint import Schema

BRIEFING_FILE: Final = {"type": "string", "format": "binary"}


class BriefingQuery(Schema):
    """`?period=&format=`"""

    period = committees.period("The quarter, the half-year, or any other period.", "2025-Q2")
    format = committees.one_of(["xlsx", "docx"], "A workbook or a document.", default="xlsx")
