"""The dialog behind a figure; and the page follows periods of any length."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import province as small
from tests.browser.conftest import MONTH
from tests.browser.site import Reader, Site

CHU_SE = small.unit_id("GL-01")


def test_a_figure_opens_to_its_minutes_and_why_they_count(reader: Reader, site: Site) -> None:
    page = reader.open("?period=2025-05")
    reader.figure("onTime").click()
    reader.evidence()
    dialog = page.get_by_role("dialog", name="Tỷ lệ đúng hạn")
    expect(dialog.get_by_text("Tỉnh uỷ Gia Lai · Tháng 5/2025")).to_be_visible()
    told = site.get(f"units/{small.ROOT}/figures/on_time_rate/evidence?period=2025-05")
    rows = dialog.get_by_role("listitem")
    expect(rows).to_have_count(len(told["items"]))
    for row, item in zip(rows.all(), told["items"], strict=True):
        expect(row).to_contain_text(item["branch_name"])
        expect(row).to_contain_text(item["why"]["vi"])
        expect(row).to_contain_text(item["id"])
    assert any("chậm" in item["why"]["vi"] for item in told["items"])
    expect(rows.first).to_contain_text("HD 42-HD/BTCTW")


def test_the_dialog_is_worked_by_keyboard_and_gives_the_focus_back(reader: Reader, site: Site) -> None:
    page = reader.open()
    figure = reader.figure("attendance")
    figure.focus()
    page.keyboard.press("Enter")
    reader.evidence()
    expect(page.locator("#evidence-title")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Đóng")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(figure).to_be_focused()


def test_the_figures_of_the_table_are_one_stop_and_arrows_lead_on(reader: Reader, site: Site) -> None:
    page = reader.open()
    row = page.get_by_role("row").filter(has_text="Huyện uỷ Chư Sê")
    row.get_by_role("link").focus()
    page.keyboard.press("Tab")
    expect(row.locator(".of-attendance_rate .opens")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(row.locator(".of-on_time_rate .opens")).to_be_focused()
    page.keyboard.press("Enter")
    reader.evidence()
    expect(page.locator("#evidence-of")).to_have_text("Huyện uỷ Chư Sê · Tháng 6/2025")


def test_a_long_list_goes_on(reader: Reader, site: Site) -> None:
    page = reader.open("?period=2024-07")
    page.get_by_label("Loại kỳ").select_option("half")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_label("Nửa năm", exact=True)).to_have_value("2024-H2")
    reader.figure("attendance").click()
    reader.evidence()
    rows = page.get_by_role("dialog").get_by_role("listitem")
    expect(rows).to_have_count(50)
    page.get_by_role("button", name="Xem thêm").click()
    expect(page.locator("#evidence-list > li:nth-child(51)")).to_be_attached()


@pytest.mark.parametrize(
    ("form", "value", "title"),
    [
        ("quarter", "2025-Q2", "Quý II/2025"),
        ("half", "2025-H1", "Sáu tháng đầu năm 2025"),
        ("year", "2025", "Năm 2025"),
    ],
)
def test_a_period_may_be_longer_than_a_month(reader: Reader, site: Site, form: str, value: str, title: str) -> None:
    page = reader.open()
    page.get_by_label("Loại kỳ").select_option(form)
    expect(page).to_have_url(f"{site.url}/?period={value}")
    expect(page).to_have_title(re.compile(title))
    card = site.get(f"units/{small.ROOT}/scorecard?period={value}")
    expect(reader.figure("held")).to_have_text(str(card["parts"]["regular_held"]))
    page.locator("#month-before").click()
    expect(page).not_to_have_url(f"{site.url}/?period={value}")
    page.go_back()
    page.get_by_label("Loại kỳ").select_option("month")
    expect(page.get_by_label("Tháng", exact=True)).to_have_value(MONTH)


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_dialog_fits_its_screen(reader: Reader, site: Site, width: int) -> None:
    reader.page.set_viewport_size({"width": width, "height": 740})
    page = reader.open(f"?unit={CHU_SE}")
    reader.figure("held").click()
    reader.evidence()
    box = page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert page.evaluate("(d => d.scrollWidth - d.clientWidth)(document.querySelector('#evidence'))") == 0


def test_an_open_page_is_told_of_changes_instead_of_asking(reader: Reader, site: Site) -> None:
    with reader.page.expect_response(re.compile("/changes.depth=children")):
        page = reader.open()
    expect(reader.figure("held")).to_have_text("9")
    before = len([url for url in reader.requested if "/scorecard" in url])
    waiting = site.province.branches[1]
    site.report([small.adopted(waiting, MONTH, chance=small.chance_of(waiting, MONTH))])
    expect(reader.figure("held")).to_have_text("10")
    assert len([url for url in reader.requested if "/scorecard" in url]) > before
    expect(page.get_by_role("alert")).to_be_hidden()
