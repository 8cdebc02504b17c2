"""What the live page shows, and that it follows what is merged while it is open."""

import re
from decimal import ROUND_HALF_UP, Decimal

from playwright.sync_api import expect

from shared import months
from tests.browser import province as small
from tests.browser.conftest import MONTH
from tests.browser.site import Reader, Site

CHU_SE = small.unit_id("GL-01")


def percent(share: float) -> str:
    """A share as the page writes it in Vietnamese."""
    return f"{tenths(share * 100)}%"


def tenths(value: float) -> str:
    """A number with one decimal, halves away from zero, as the page writes it."""
    exact = Decimal(f"{value:.4f}")
    return str(exact.quantize(Decimal("0.1"), ROUND_HALF_UP)).replace(".", ",")


def test_the_headline_says_what_the_api_says(reader: Reader, site: Site) -> None:
    page = reader.open()
    card = site.get(f"units/{small.ROOT}/scorecard?period={MONTH}")
    derived, parts = card["derived"], card["parts"]
    expect(page.get_by_role("heading", level=1)).to_have_text("Tỉnh uỷ Gia Lai")
    expect(reader.figure("held")).to_have_text(str(parts["regular_held"]))
    expect(page.locator("#strip [data-figure=held]")).to_contain_text(f"/ {parts['branches']} chi bộ")
    expect(page.locator("#strip [data-figure=held]")).to_contain_text("còn chờ 9")
    assert derived["awaited"] == 9
    for label, figure in {
        "attendance": "attendance_rate",
        "onTime": "on_time_rate",
        "conclusion": "conclusion_rate",
        "tasks": "task_rate",
        "tasksDone": "tasks_done_rate",
    }.items():
        expect(reader.figure(label)).to_have_text(percent(derived[figure]))
    expect(page.locator("#grades .figure")).to_have_text(tenths(derived["average_self_points"]))
    for grade in ("good", "fair", "average", "weak"):
        line = page.locator("#grades li").filter(has=page.locator(f".swatch.grade_{grade}"))
        expect(line.locator(".count")).to_have_text(str(parts[f"grade_{grade}"]))


def test_a_closed_month_says_missing_and_an_open_one_awaited(reader: Reader, site: Site) -> None:
    page = reader.open()
    expect(page.get_by_role("columnheader", name="Còn chờ")).to_be_visible()
    site.clock_file.write_text("2025-07-03T08:00:00+07:00")
    page.goto(f"{site.url}/?period={MONTH}")
    expect(page.get_by_role("columnheader", name="Còn thiếu")).to_be_visible()
    expect(page.locator("#strip [data-figure=held]")).to_contain_text("còn thiếu 9")


def test_an_adoption_shows_while_the_page_is_open(reader: Reader, site: Site) -> None:
    page = reader.open()
    page.evaluate("window.sameDocument = true")
    expect(reader.figure("held")).to_have_text("9")
    row = page.get_by_role("row").filter(has_text="Huyện uỷ Chư Sê")
    before = row.locator(".of-branches + td .value").inner_text()
    waiting = site.province.branches[1]
    assert waiting.unit_id == small.unit_id("GL-01-01-02")
    site.report([small.adopted(waiting, MONTH, chance=small.chance_of(waiting, MONTH))])
    expect(reader.figure("held")).to_have_text("10")
    expect(row.locator(".of-branches + td .value")).not_to_have_text(before)
    card = site.get(f"units/{small.ROOT}/scorecard?period={MONTH}")
    expect(reader.figure("attendance")).to_have_text(percent(card["derived"]["attendance_rate"]))
    assert page.evaluate("window.sameDocument") is True


def test_a_changed_figure_is_marked_for_a_moment(reader: Reader, site: Site) -> None:
    page = reader.open()
    page.evaluate(
        """window.marked = [];
        new MutationObserver(seen => seen.forEach(({target}) => {
            if (target.classList.contains('changed')) window.marked.push(target.textContent);
        })).observe(document.querySelector('#strip'), {subtree: true, attributeFilter: ['class']})"""
    )
    expect(page.locator(".changed")).to_have_count(0)
    waiting = site.province.branches[1]
    site.report([small.adopted(waiting, MONTH, chance=small.chance_of(waiting, MONTH))])
    expect(reader.figure("held")).to_have_text("10")
    assert "10" in page.evaluate("window.marked")
    expect(page.locator(".changed")).to_have_count(0)


def test_the_page_follows_the_present_month_unless_one_is_chosen(reader: Reader, site: Site) -> None:
    page = reader.open()
    expect(page.get_by_label("Tháng", exact=True)).to_have_value("2025-06")
    site.clock_file.write_text("2025-07-01T08:00:00+07:00")
    expect(page.get_by_label("Tháng", exact=True)).to_have_value("2025-07", timeout=15_000)
    expect(reader.figure("held")).to_have_text("0")
    expect(reader.figure("attendance")).to_have_text("–")


def test_the_units_below_are_ranked_as_the_api_ranks_them(reader: Reader, site: Site) -> None:
    page = reader.open()
    for column, figure in (
        ("Dự họp", "attendance_rate"),
        ("Đúng hạn", "on_time_rate"),
        ("Điểm tự chấm", "average_self_points"),
    ):
        header = page.get_by_role("columnheader", name=column)
        if column != "Dự họp":
            header.get_by_role("button").click()
        expect(header).to_have_attribute("aria-sort", "descending")
        ranked = site.get(f"units/{small.ROOT}/children?period={MONTH}&order_by={figure}&descending=true")
        expect(page.locator(".units tbody th")).to_have_text([one["scorecard"]["name"] for one in ranked])
        expect(page.locator(".units tbody .rank")).to_have_text([str(one["rank"]) for one in ranked])
        assert page.locator("[aria-sort]").count() == 1


def test_a_second_press_turns_the_order(reader: Reader, site: Site) -> None:
    page = reader.open()
    header = page.get_by_role("columnheader", name="Dự họp")
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    ranked = site.get(f"units/{small.ROOT}/children?period={MONTH}&order_by=attendance_rate&descending=false")
    expect(page.locator(".units tbody th")).to_have_text([one["scorecard"]["name"] for one in ranked])
    page.get_by_role("columnheader", name="Đơn vị").get_by_role("button").click()
    expect(page.locator(".units tbody th")).to_have_text(["Huyện uỷ Chư Sê", "Huyện uỷ Đak Đoa", "Thị uỷ An Khê"])
    expect(page.locator(".units tbody .rank")).to_have_text(["", "", ""])


def test_weak_figures_are_said_not_only_coloured(reader: Reader, site: Site) -> None:
    page = reader.open("?period=2025-05")
    weak = page.locator(".units tbody td.is-weak")
    assert weak.count() > 0
    for cell in weak.all():
        expect(cell).to_contain_text("▼ (thấp)")


def test_the_trend_is_a_picture_with_words_and_a_table(reader: Reader, site: Site) -> None:
    page = reader.open()
    picture = page.get_by_role("img", name=re.compile("^Dự.họp từ tháng 7.2024 đến tháng 6.2025: thấp nhất"))
    expect(picture.locator("circle")).to_have_count(12)
    expect(picture.locator("circle.provisional")).to_have_count(1)
    page.get_by_text("Xem số liệu từng tháng").click()
    table = page.get_by_role("table", name="Diễn biến 12 tháng")
    rows = table.get_by_role("row")
    expect(rows).to_have_count(13)
    trend = site.get(f"units/{small.ROOT}/trend?from={months.add(MONTH, -11)}&to={MONTH}")
    for row, card in zip(rows.all()[1:], reversed(trend), strict=True):
        expect(row).to_contain_text(percent(card["derived"]["attendance_rate"]))
    page.get_by_label("Chỉ số của biểu đồ").select_option("task_rate")
    expect(page.get_by_role("img", name=re.compile("^Giao nhiệm vụ từ"))).to_be_visible()


def test_figures_are_as_far_as_rights_reach(reader: Reader, site: Site) -> None:
    page = reader.open(token=site.token("branch_secretary", CHU_SE))
    expect(page.get_by_role("heading", level=1)).to_have_text("Huyện uỷ Chư Sê")
    expect(page.get_by_role("navigation")).to_have_count(0)
    page.locator(".units tbody a").first.click()
    expect(page.get_by_role("navigation").get_by_role("listitem")).to_have_count(2)
