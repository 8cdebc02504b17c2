"""A bar chart that carries its own values, as the part of a document that office suites draw (ECMA-376-1, 21.2)."""

from typing import Any
from xml.etree.ElementTree import Element

from openpyxl.chart import BarChart
from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumVal, StrData, StrVal
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.xml.functions import tostring

from services.evaluation.domain.briefing import Chart, clean


def chart_space(chart: Chart) -> bytes:
    """The chart's XML."""
    drawn: Any = BarChart()
    drawn.title = f"{chart.words.vi} / {chart.words.en}"
    names = [StrVal(idx=number, v=clean(name)) for number, name in enumerate(chart.names)]
    for number, (name, values) in enumerate(chart.series):
        points = [NumVal(idx=place, v=repr(value)) for place, value in enumerate(values) if value is not None]
        drawn.ser.append(
            Series(
                idx=number,
                order=number,
                tx=SeriesLabel(v=clean(name)),
                cat=AxDataSource(strLit=StrData(ptCount=len(names), pt=names)),
                val=NumDataSource(
                    numLit=NumData(formatCode="0.0%" if chart.share else "General", ptCount=len(values), pt=points)
                ),
            )
        )
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.y_axis.number_format = "0%" if chart.share else "0"
    drawn.y_axis.scaling.min = 0
    written: Element = drawn._write()
    # With lxml, which python-docx brings, openpyxl writes bytes; its type information knows of text only.
    text: Any = tostring(written)
    return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + bytes(text)
