"""Ways through the live page: in with a token, down and back, in two languages, when the connection is lost."""

import re

from playwright.sync_api import expect

from tests.browser import province as small
from tests.browser.conftest import MONTH
from tests.browser.site import Reader, Site

CHU_SE = small.unit_id("GL-01")
AN_KHE = small.unit_id("GL-02")


def test_the_token_leaves_the_address_and_stays_in_the_tab(reader: Reader, site: Site) -> None:
    page = reader.open("?period=2025-05")
    assert page.url == f"{site.url}/?period=2025-05"
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tỉnh uỷ Gia Lai")
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [1, 0]


def test_without_a_token_the_page_explains_and_takes_one(reader: Reader, site: Site) -> None:
    page = reader.page
    page.goto(site.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Cần mã truy cập để xem số liệu")
    expect(page.get_by_text("hãy hỏi người quản trị của cấp uỷ")).to_be_visible()
    field = page.get_by_role("textbox", name="Mã truy cập")
    page.get_by_role("button", name="Xem số liệu").click()
    expect(page.get_by_role("alert").filter(has_text="Chưa có mã")).to_be_visible()
    expect(field).to_be_focused()
    field.fill("mã không đúng")
    page.get_by_role("button", name="Xem số liệu").click()
    expect(page.get_by_role("alert").filter(has_text="không giống một mã truy cập")).to_be_visible()
    assert [url for url in reader.requested if "/v1/" in url] == []
    field.fill(f"  Bearer {site.token()}\n")
    page.get_by_role("button", name="Xem số liệu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tỉnh uỷ Gia Lai")


def test_a_token_that_is_refused_is_forgotten(reader: Reader, site: Site) -> None:
    page = reader.page
    page.goto(f"{site.url}/#token=not.a.token")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mã truy cập đã hết hạn hoặc không đúng")
    assert page.evaluate("sessionStorage.length") == 0
    reader.forgive(containing="401")
    page.goto(f"{site.url}/#token={site.token()}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tỉnh uỷ Gia Lai")


def test_a_unit_outside_the_rights_leads_home(reader: Reader, site: Site) -> None:
    page = reader.page
    page.goto(f"{site.url}/?unit={AN_KHE}#token={site.token('portal', CHU_SE)}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Đơn vị này ngoài phạm vi của bạn")
    reader.forgive(containing="403")
    page.get_by_role("link", name="Về đơn vị của bạn").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Huyện uỷ Chư Sê")


def test_a_role_that_may_not_read_is_told_so(reader: Reader, site: Site) -> None:
    reader.page.goto(f"{site.url}/#token={site.token('member', CHU_SE)}")
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Mã này không có quyền xem số liệu")
    reader.forgive(containing="403")


def test_a_month_before_the_unit_is_told_so_and_can_be_left(reader: Reader, site: Site) -> None:
    page = reader.open()
    page.goto(f"{site.url}/?period=2019-11")
    expect(page.get_by_role("heading", level=1)).to_have_text("Không có đơn vị này vào cuối tháng 11/2019")
    reader.forgive(containing="404")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tỉnh uỷ Gia Lai")


def test_down_to_a_branch_and_back(reader: Reader, site: Site) -> None:
    page = reader.open()
    title = page.get_by_role("heading", level=1)
    for name in ("Huyện uỷ Chư Sê", "Đảng bộ xã số 1", "Chi bộ thôn 1"):
        page.get_by_role("link", name=name).click()
        expect(title).to_have_text(name)
    expect(page.get_by_text("Đơn vị này không có đơn vị trực thuộc.")).to_be_visible()
    path = page.get_by_role("navigation", name="Vị trí trong hệ thống tổ chức")
    expect(path.get_by_role("listitem")).to_have_text(
        ["Tỉnh uỷ Gia Lai", "Huyện uỷ Chư Sê", "Đảng bộ xã số 1", "Chi bộ thôn 1"]
    )
    page.go_back()
    expect(title).to_have_text("Đảng bộ xã số 1")
    page.go_back()
    expect(title).to_have_text("Huyện uỷ Chư Sê")
    page.go_forward()
    expect(title).to_have_text("Đảng bộ xã số 1")
    path.get_by_role("link", name="Tỉnh uỷ Gia Lai").click()
    expect(title).to_have_text("Tỉnh uỷ Gia Lai")


def test_the_address_alone_leads_to_the_same_page(reader: Reader, site: Site) -> None:
    page = reader.open()
    page.get_by_role("link", name="Huyện uỷ Chư Sê").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Huyện uỷ Chư Sê")
    page.get_by_role("button", name="Tháng trước").click()
    page.get_by_role("columnheader", name="Đúng hạn").get_by_role("button").click()
    expect(page).to_have_url(f"{site.url}/?unit={CHU_SE}&period=2025-05&by=on_time_rate")
    expect(page.get_by_label("Tháng", exact=True)).to_have_value("2025-05")
    rows = reader.rows()
    page.reload()
    expect(page.locator(".units tbody th")).to_have_text(rows)
    expect(page.get_by_label("Tháng", exact=True)).to_have_value("2025-05")


def test_months_are_changed_by_button_and_list(reader: Reader, site: Site) -> None:
    page = reader.open()
    month = page.get_by_label("Tháng", exact=True)
    expect(page.get_by_role("button", name="Tháng sau")).to_be_disabled()
    page.get_by_role("button", name="Tháng trước").click()
    card = site.get(f"units/{small.ROOT}/scorecard?period=2025-05")
    expect(reader.figure("held")).to_have_text(str(card["parts"]["regular_held"]))
    month.select_option("2024-12")
    expect(page).to_have_title(re.compile(r"Tháng 12/2024"))
    page.go_back()
    expect(month).to_have_value("2025-05")
    page.get_by_role("button", name="Tháng sau").click()
    expect(month).to_have_value(MONTH)
    assert "period" not in page.url


def test_the_language_turns_and_is_remembered(reader: Reader, site: Site) -> None:
    page = reader.open()
    assert page.locator("html").get_attribute("lang") == "vi"
    button = page.get_by_role("button", name="English")
    assert button.get_attribute("lang") == "en"
    button.click()
    expect(page.get_by_role("columnheader", name="Attendance")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "en"
    page.reload()
    expect(page.get_by_text("Updated at")).to_be_visible()
    page.get_by_role("button", name="Tiếng Việt").click()
    expect(page.get_by_text("Cập nhật lúc")).to_be_visible()


def test_a_lost_connection_keeps_the_figures_and_says_their_time(reader: Reader, site: Site) -> None:
    page = reader.open()
    reader.context.set_offline(True)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(re.compile(r"Mất kết nối\. Số liệu dưới đây là của lúc \d\d:\d\d:\d\d"))
    expect(page.get_by_text("Số liệu cũ, của lúc")).to_be_visible()
    expect(reader.figure("held")).to_have_text("9")
    waiting = site.province.branches[1]
    site.report([small.adopted(waiting, MONTH, chance=small.chance_of(waiting, MONTH))])
    reader.context.set_offline(False)
    expect(reader.figure("held")).to_have_text("10")
    expect(alert).to_be_hidden()
    reader.forgive(containing="ERR_INTERNET_DISCONNECTED")


def test_a_paused_page_asks_nothing(reader: Reader, site: Site) -> None:
    reader.page.clock.install()
    page = reader.open()
    page.get_by_role("button", name="Tạm dừng").click()
    expect(page.get_by_text("Tạm dừng lúc")).to_be_visible()
    waiting = site.province.branches[1]
    site.report([small.adopted(waiting, MONTH, chance=small.chance_of(waiting, MONTH))])
    before = len(reader.requested)
    page.clock.fast_forward("01:00")
    assert len(reader.requested) == before
    page.get_by_role("button", name="Tiếp tục").click()
    expect(reader.figure("held")).to_have_text("10")
