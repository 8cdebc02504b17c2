"""The live page on a phone, by keyboard, by ear, enlarged, and in the dark."""

import re
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import province as small
from tests.browser.conftest import MONTH
from tests.browser.site import Reader, Site

NAMELESS = """
() => [...document.querySelectorAll('a, button, select, textarea, summary, [role=region], [role=img], nav, table')]
    .filter(one => one.checkVisibility())
    .filter(one => !(one.getAttribute('aria-label') || one.labels?.length || one.caption?.textContent.trim()
        || document.getElementById(one.getAttribute('aria-labelledby'))?.textContent.trim()
        || (!/SELECT|TEXTAREA|INPUT|TABLE|NAV/.test(one.tagName) && one.textContent.trim())))
    .map(one => one.outerHTML.slice(0, 120))
"""
CONTRASTS = """
() => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
    const rgba = colour => {
        canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const light = ([r, g, b]) => [r, g, b].map(part => part / 255)
        .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
    const ground = element => {
        for (let one = element; one; one = one.parentElement) {
            const colour = rgba(getComputedStyle(one).backgroundColor);
            if (colour[3] === 255) return colour;
        }
        return [255, 255, 255, 255];
    };
    const poor = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
        if (element.closest('.unseen, :disabled')) continue;
        const style = getComputedStyle(element);
        const ink = element.closest('svg') ? style.fill : style.color;
        const [one, other] = [light(rgba(ink)), light(ground(element))].sort((a, b) => b - a);
        const ratio = (one + 0.05) / (other + 0.05);
        if (ratio < 4.5) poor.push(`${texts.currentNode.data.trim()} ${ratio.toFixed(2)}`);
    }
    return poor;
}
"""


def _sideways(page: Page) -> Any:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("width", [320, 360, 640, 900])
def test_the_page_never_scrolls_sideways(reader: Reader, site: Site, width: int) -> None:
    page = reader.page
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(site.url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert _sideways(page) == 0
    reader.open()
    page.get_by_text("Xem số liệu từng tháng").click()
    assert _sideways(page) == 0
    page.get_by_role("button", name="English").click()
    expect(page.get_by_text("Updated at")).to_be_visible()
    assert _sideways(page) == 0


def test_on_a_phone_the_table_is_a_list_that_can_be_ranked(reader: Reader, site: Site) -> None:
    reader.page.set_viewport_size({"width": 360, "height": 740})
    page = reader.open()
    page.get_by_label("Xếp hạng theo").select_option("on_time_rate")
    page.get_by_role("button", name="Cao trước").click()
    expect(page.get_by_role("button", name="Thấp trước")).to_be_visible()
    ranked = site.get(f"units/{small.ROOT}/children?period={MONTH}&order_by=on_time_rate&descending=false")
    expect(page.locator(".units tbody th")).to_have_text([one["scorecard"]["name"] for one in ranked])
    first = page.get_by_role("table", name=re.compile("xếp hạng theo Đúng")).get_by_role("row").nth(1)
    expect(first.get_by_role("rowheader")).to_be_visible()
    expect(first.locator("td.sorted")).to_be_visible()


def test_every_control_is_reached_and_worked_by_keyboard(reader: Reader, site: Site) -> None:
    page = reader.open()
    page.evaluate("document.activeElement.blur()")
    reached: list[str] = []
    for _ in range(120):
        page.keyboard.press("Tab")
        said = page.evaluate(
            """() => { const one = document.activeElement;
                const name = one.id || one.dataset.sort || one.getAttribute('aria-label') || one.textContent.trim();
                return one === document.body ? '' : `${one.tagName} ${name}` }"""
        )
        if not said or said in reached:
            break
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", said
        reached.append(said)
    assert reached[0] == "A Đến nội dung chính"
    for wanted in (
        "BUTTON language",
        "BUTTON month-before",
        "SELECT form",
        "SELECT month",
        "BUTTON pause",
        "SELECT trend-figure",
        "BUTTON attendance_rate",
        "BUTTON name",
        "A Huyện uỷ Chư Sê",
    ):
        assert wanted in reached
    page.get_by_role("link", name="Huyện uỷ Chư Sê").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Huyện uỷ Chư Sê")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.get_by_role("columnheader", name="Đúng hạn").get_by_role("button").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("columnheader", name="Đúng hạn")).to_have_attribute("aria-sort", "descending")
    expect(page.get_by_role("columnheader", name="Đúng hạn").get_by_role("button")).to_be_focused()


def test_the_focus_stays_when_ranks_change(reader: Reader, site: Site) -> None:
    page = reader.open("?by=held_rate")
    last = reader.rows()[-1]
    link = page.get_by_role("link", name=last)
    link.focus()
    code = {"Huyện uỷ Chư Sê": "GL-01", "Thị uỷ An Khê": "GL-02", "Huyện uỷ Đak Đoa": "GL-03"}[last]
    district = {small.unit_id(f"{code}-{commune:02d}-{branch:02d}") for commune in (1, 2) for branch in (1, 2, 3)}
    site.report(
        [
            small.adopted(branch, MONTH, chance=small.chance_of(branch, MONTH), version=2)
            for branch in site.province.branches
            if branch.unit_id in district
        ]
    )
    expect(page.locator(".units tbody th").first).to_have_text(last)
    expect(link).to_be_focused()


def test_landmarks_headings_and_names(reader: Reader, site: Site) -> None:
    page = reader.open(f"?unit={small.unit_id('GL-01')}")
    expect(page.get_by_role("banner")).to_have_count(1)
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("contentinfo")).to_have_count(1)
    expect(page.get_by_role("navigation")).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    levels = [int(one.evaluate("one => one.tagName[1]")) for one in page.get_by_role("heading").all()]
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    assert page.evaluate(NAMELESS) == []
    assert page.locator("img:not([alt])").count() == 0
    assert (
        page.evaluate("(ids => ids.length - new Set(ids).size)([...document.querySelectorAll('[id]')].map(o => o.id))")
        == 0
    )
    expect(
        page.get_by_role("img", name=re.compile(r"^Cơ cấu xếp loại: Tốt \d+, Khá \d+, Trung bình \d+, Kém \d+"))
    ).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_stand_out_from_their_ground(reader: Reader, site: Site, scheme: Any) -> None:
    page = reader.page
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(site.url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate(CONTRASTS) == []
    reader.open("?period=2025-05")
    assert page.evaluate(CONTRASTS) == []


def test_a_change_is_said_politely(reader: Reader, site: Site) -> None:
    reader.page.clock.install()
    page = reader.open()
    said = page.get_by_role("status")
    expect(said).to_have_text(re.compile("Tỉnh uỷ Gia Lai: 9 trên 18 chi bộ đã họp"))
    assert said.get_attribute("aria-live") == "polite"
    page.evaluate(
        """window.sayings = 0;
        new MutationObserver(() => window.sayings++).observe(document.querySelector('#said'), {childList: true})"""
    )
    for branch in site.province.branches[1:6:2]:
        held = int(reader.figure("held").inner_text())
        site.report([small.adopted(branch, MONTH, chance=small.chance_of(branch, MONTH))])
        expect(reader.figure("held")).to_have_text(str(held + 1))
    page.clock.fast_forward("00:11")
    expect(said).to_have_text(re.compile("Tỉnh uỷ Gia Lai: 12 trên 18 chi bộ đã họp"))
    assert page.evaluate("window.sayings") <= 2


def test_motion_is_left_out_for_those_who_ask(reader: Reader, site: Site) -> None:
    reader.page.emulate_media(reduced_motion="reduce")
    page = reader.open()
    names = page.evaluate(
        """() => { const one = document.querySelector('.figure'); one.classList.add('changed');
            const bar = document.querySelector('.bar > span');
            return [getComputedStyle(one).animationName, getComputedStyle(bar).transitionDuration] }"""
    )
    assert names == ["none", "0s"]
