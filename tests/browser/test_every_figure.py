"""Every number on the live page opens down to its minutes, and the rows that open add up to it."""

import re
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import province as small
from tests.browser.conftest import MONTH
from tests.browser.site import Reader, Site
from tests.support.waiting import until

BEFORE = "2025-05"
NO_FIGURES = ", ".join(
    (
        "#kind, #name, .path, .controls, h2",  # which unit and period, and what stands below
        "th, caption, select",  # names of units and months
        "td.rank",  # an order, not a figure; its heading says which figure to open
        "#legend",
        "svg",  # each point has a button over it
        ".alerts li:has([data-evidence])",  # the sentence of an alert, with the months it was judged by
    )
)
UNOPENED = """
known => {
    const found = [], texts = document.createTreeWalker(document.querySelector('#unit'), NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        if (!/\\d/.test(texts.currentNode.data) || !element.checkVisibility() || element.closest(known)) continue;
        if (!element.closest('[data-evidence]:not([data-evidence=""]):not(:disabled)')) {
            found.push(texts.currentNode.data);
        }
    }
    return found;
}
"""
SMALL = """
() => [...document.querySelectorAll('#unit [data-evidence]')]
    .filter(one => one.checkVisibility() && !one.disabled)
    .map(one => [one.getAttribute('aria-label') ?? one.textContent, one.getBoundingClientRect()])
    .filter(([, {width, height}]) => width < 23.9 || height < 23.9)
    .map(([name, {width, height}]) => `${name}: ${width} × ${height}`)
"""
OPENERS = "#unit [data-evidence]:not(:disabled)"


def _with_months(page: Page) -> None:
    page.get_by_text("Xem số liệu từng tháng").click()
    expect(page.locator("#trend-scroll")).to_be_visible()


def _counted(site: Site, unit: str, figure: str, period: str) -> tuple[Any, Counter[str], dict[str, Any]]:
    """What the evidence of a figure says is its value, and the sum of its rows."""
    counted: Counter[str] = Counter()
    cursor = ""
    while True:
        page = site.get(f"units/{unit}/figures/{figure}/evidence?period={period}&limit=1000{cursor}")
        for item in page["items"]:
            counted.update(item["contributed"])
        if page["next_cursor"] is None:
            return page["value"], counted, page
        cursor = f"&cursor={page['next_cursor']}"


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("query", [f"?period={BEFORE}", "", "?period=2025-Q2&by=name", "?period=2025"])
def test_no_number_stands_without_what_opens_it(reader: Reader, site: Site, query: str, width: int) -> None:
    reader.page.set_viewport_size({"width": width, "height": 800})
    page = reader.open(query)
    _with_months(page)
    assert page.locator(OPENERS).count() > 100
    assert page.evaluate(UNOPENED, NO_FIGURES) == []


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_what_opens_is_large_enough_to_be_touched(reader: Reader, site: Site, width: int) -> None:
    reader.page.set_viewport_size({"width": width, "height": 800})
    page = reader.open(f"?period={BEFORE}")
    _with_months(page)
    assert page.evaluate(SMALL) == []


@pytest.mark.parametrize("period", [BEFORE, "2025-Q2"])
def test_the_rows_behind_every_figure_add_up_to_it(reader: Reader, site: Site, period: str) -> None:
    page = reader.open(f"?period={period}")
    _with_months(page)
    asked = page.locator(OPENERS).evaluate_all(
        "all => all.map(one => [one.dataset.unit ?? '', one.dataset.evidence, one.dataset.period ?? ''])"
    )
    seen = {(unit or str(small.ROOT), figure, of or period) for unit, figure, of in asked}
    assert len(seen) > 90
    for unit, figure, of in sorted(seen):
        value, counted, told = _counted(site, unit, figure, of)
        terms = [counted[name] for name in told["terms"]]
        if len(terms) == 1:
            assert terms[0] == value, (unit, figure, of)
        elif value is not None:
            unit_of = 100 if told["formula"].endswith("/ 100") else 1
            rounded = 0.005 if unit_of == 100 else 1e-4  # points are told with two decimals
            assert terms[0] / terms[1] / unit_of == pytest.approx(value, abs=rounded), (unit, figure, of)
        else:
            assert terms[1] == 0, (unit, figure, of)


def test_everything_that_opens_shows_its_own_unit_figure_and_period(reader: Reader, site: Site) -> None:
    page = reader.open(f"?period={BEFORE}")
    figures = {one["name"]: one["vi"] for one in site.get("figures")}
    openers = [one for one in page.locator(OPENERS).all() if one.is_visible()]
    assert len(openers) > 60
    for one in openers:
        said = one.evaluate("one => [one.dataset.evidence, one.dataset.name ?? null, one.dataset.period ?? null]")
        figure, name, period = said
        one.click()
        dialog = reader.evidence()
        year, month = (period or BEFORE).split("-")
        expect(dialog.locator("#evidence-of")).to_have_text(f"{name or 'Tỉnh uỷ Gia Lai'} · Tháng {int(month)}/{year}")
        expect(dialog.get_by_role("heading")).to_have_text(figures[figure])
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(one).to_be_focused()


def _points(page: Page) -> Locator:
    return page.get_by_role("group", name=re.compile("^Dự.họp, từng tháng")).get_by_role("button")


def test_the_points_of_the_chart_open_by_keyboard(reader: Reader, site: Site) -> None:
    page = reader.open()
    points = _points(page)
    expect(points).to_have_count(12)
    drawn = page.locator("#chart .value").all_text_contents()
    names = [point.get_attribute("aria-label") for point in points.all()]
    assert names == [
        f"T{month}/{year}: {value} – mở minh chứng"
        for (year, month), value in zip(
            [(2024, m) for m in range(7, 13)] + [(2025, m) for m in range(1, 7)], drawn, strict=True
        )
    ]
    page.get_by_label("Chỉ số của biểu đồ").focus()
    page.keyboard.press("Tab")
    expect(points.last).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(points.nth(9)).to_be_focused()
    for key in ("Enter", "Space"):
        page.keyboard.press(key)
        dialog = reader.evidence()
        expect(dialog.locator("#evidence-of")).to_have_text("Tỉnh uỷ Gia Lai · Tháng 4/2025")
        told = site.get(f"units/{small.ROOT}/figures/attendance_rate/evidence?period=2025-04")
        expect(dialog.get_by_role("listitem")).to_have_count(len(told["items"]))
        page.keyboard.press("Escape")
        expect(points.nth(9)).to_be_focused()
    page.keyboard.press("Home")
    expect(points.first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("summary")).to_be_focused()


def test_the_focus_returns_to_a_point_that_was_drawn_anew(reader: Reader, site: Site) -> None:
    page = reader.open()
    last = _points(page).last
    last.focus()
    page.keyboard.press("Enter")
    reader.evidence()
    last.evaluate("one => { window.pressed = one }")
    waiting = site.province.branches[1]
    site.report([small.adopted(waiting, MONTH, chance=small.chance_of(waiting, MONTH))])
    until(lambda: not page.evaluate("window.pressed.isConnected"), what="the chart to be drawn anew")
    page.keyboard.press("Escape")
    expect(last).to_be_focused()


@pytest.mark.parametrize("width", [320, 360])
def test_a_point_can_be_touched_on_a_phone(reader: Reader, site: Site, width: int) -> None:
    reader.page.set_viewport_size({"width": width, "height": 740})
    page = reader.open()
    points = _points(page)
    boxes = [point.bounding_box() for point in points.all()]
    for one, other in pairwise(boxes):
        assert one is not None
        assert other is not None
        assert one["x"] + one["width"] <= other["x"] + 0.1
    points.nth(4).click()
    expect(reader.evidence().locator("#evidence-of")).to_have_text("Tỉnh uỷ Gia Lai · Tháng 11/2024")
