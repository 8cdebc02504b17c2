"""The strip of alerts: it follows what begins and ceases, says why, and opens what is behind it."""

import re

import pytest
from playwright.sync_api import Locator, expect

from shared import db
from tests.browser import province as small
from tests.browser.conftest import MONTH
from tests.browser.province import Branch
from tests.browser.site import Reader, Site

NAME = "Chi bộ thôn Hoà Bình"
A_MINUTE = "01:01"  # alerts are asked for once a minute


@pytest.fixture
def quiet(site: Site) -> Branch:
    """A branch that has told of no meeting; the rule of such branches is the only one, and nobody has looked yet."""
    with db.connect(site.database_url, name="tests") as conn:
        conn.execute("delete from alert_rule where name <> 'no_meeting'")
        conn.execute("update alert_rule set valid_from = '2024-01-01'")
    return _further(site, 7, NAME)


def _further(site: Site, number: int, name: str) -> Branch:
    unit, branch = small.quiet_branch(f"GL-01-01-{number:02d}", "GL-01-01", name)
    small.merge_units(site.database_url, [unit])
    return branch


def _strip(reader: Reader) -> Locator:
    return reader.page.get_by_role("region", name=re.compile("^Cần chú ý"))


def _line(reader: Reader) -> Locator:
    return _strip(reader).get_by_role("listitem").filter(has_text=NAME)


def test_an_alert_shows_while_it_holds_and_opens_its_months(reader: Reader, site: Site, quiet: Branch) -> None:
    reader.page.clock.install()
    page = reader.open()
    expect(_line(reader)).to_have_count(0)
    site.look()
    page.clock.fast_forward(A_MINUTE)
    line = _line(reader)
    expect(line).to_contain_text("Nhiều tháng liền không sinh hoạt")
    expect(line).to_contain_text("2 tháng liền không có buổi sinh hoạt thường kỳ nào có biên bản được thông qua")
    (told,) = site.get(f"units/{quiet.unit_id}/alerts?state=begun")["items"]
    months = line.get_by_role("button")
    expect(months).to_have_text([f"T{int(one['period'][5:])}/{one['period'][:4]}" for one in told["began"]])
    months.last.click()
    dialog = reader.evidence()
    year, month = told["began"][-1]["period"].split("-")
    expect(dialog.locator("#evidence-of")).to_have_text(f"{NAME} · Tháng {int(month)}/{year}")
    expect(dialog.get_by_role("listitem")).to_have_count(1)
    expect(dialog.get_by_role("listitem")).to_contain_text("phải sinh hoạt thường kỳ")
    page.keyboard.press("Escape")
    site.report([small.adopted(quiet, MONTH, chance=small.chance_of(quiet, MONTH))])
    site.look()
    page.clock.fast_forward(A_MINUTE)
    expect(line).to_have_count(0)
    (told,) = site.get(f"units/{quiet.unit_id}/alerts")["items"]
    assert told["state"] == "ceased"


def test_an_alert_is_reached_and_opened_by_keyboard_and_keeps_the_focus(
    reader: Reader, site: Site, quiet: Branch
) -> None:
    other = _further(site, 8, "Chi bộ thôn Tân Tiến")
    site.look()
    reader.page.clock.install()
    page = reader.open()
    beside = _strip(reader).get_by_role("link", name="Chi bộ thôn Tân Tiến")
    expect(beside).to_be_visible()
    line = _line(reader)
    line.get_by_role("link", name=NAME).focus()
    page.keyboard.press("Tab")
    month = line.get_by_role("button").first
    expect(month).to_be_focused()
    expect(month).to_have_accessible_name(re.compile(rf"{NAME}, Sinh hoạt thường kỳ, T\d+/20\d\d – mở minh chứng"))
    page.keyboard.press("Enter")
    reader.evidence()
    page.keyboard.press("Escape")
    expect(month).to_be_focused()
    site.report([small.adopted(other, MONTH, chance=small.chance_of(other, MONTH))])
    site.look()
    page.clock.fast_forward(A_MINUTE)
    expect(beside).to_have_count(0)
    expect(month).to_be_focused()
    line.get_by_role("link", name=NAME).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_strip_fits_a_narrow_phone(reader: Reader, site: Site, quiet: Branch, language: str) -> None:
    site.look()
    reader.page.set_viewport_size({"width": 360, "height": 740})
    page = reader.open()
    if language == "en":
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("region", name=re.compile("^Needs attention"))).to_be_visible()
    line = page.locator("#alerts li").filter(has_text=NAME)
    expect(line).to_contain_text({"vi": "tháng liền", "en": "in a row"}[language])
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    for one in [line.get_by_role("link"), *line.get_by_role("button").all()]:
        box = one.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
    for one in line.get_by_role("button").all():
        box = one.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 23.9


def test_more_alerts_than_fit_are_a_press_away(reader: Reader, site: Site, quiet: Branch) -> None:
    for number in range(11, 17):
        _further(site, number, f"Chi bộ thôn số {number}")
    site.look()
    every = len(site.get(f"units/{small.ROOT}/alerts?state=begun")["items"])
    assert every >= 7
    reader.open()
    strip = _strip(reader)
    expect(strip.get_by_role("listitem")).to_have_count(5)
    expect(strip.get_by_role("heading")).to_have_text("Cần chú ý (5+)")
    strip.get_by_role("button", name="Xem thêm cảnh báo").click()
    expect(strip.get_by_role("listitem")).to_have_count(every)
    expect(strip.get_by_role("heading")).to_have_text(f"Cần chú ý ({every})")
