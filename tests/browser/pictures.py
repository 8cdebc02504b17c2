"""Takes the pictures of docs/images: `.venv/bin/pytest tests/browser/pictures.py` (not part of the suite)."""

import base64
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from shared import db
from tests.browser import province as small
from tests.browser.conftest import MONTH, NOW
from tests.browser.province import Province
from tests.browser.site import Reader, Site

IMAGES: Final = Path(__file__).parents[2] / "docs" / "images"
WEBP: Final = """
async png => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(png), one => one.charCodeAt(0))]));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext('2d').drawImage(bitmap, 0, 0);
    const webp = await canvas.convertToBlob({type: 'image/webp', quality: 0.85});
    const bytes = new Uint8Array(await webp.arrayBuffer());
    return btoa(Array.from(bytes, one => String.fromCharCode(one)).join(''));
}
"""
DISTRICTS: Final = (
    "Huyện uỷ Chư Păh",
    "Huyện uỷ Chư Prông",
    "Huyện uỷ Chư Pưh",
    "Huyện uỷ Chư Sê",
    "Huyện uỷ Đak Đoa",
    "Huyện uỷ Đak Pơ",
    "Huyện uỷ Đức Cơ",
    "Huyện uỷ Ia Grai",
    "Huyện uỷ Ia Pa",
    "Huyện uỷ KBang",
    "Huyện uỷ Kông Chro",
    "Huyện uỷ Krông Pa",
    "Huyện uỷ Mang Yang",
    "Huyện uỷ Phú Thiện",
    "Thành uỷ Pleiku",
    "Thị uỷ An Khê",
    "Thị uỷ Ayun Pa",
)


@pytest.fixture
def made() -> Province:
    """Gia Lai's districts, with few and made-up branches."""
    return small.province(DISTRICTS, communes=5, branches=4)


@pytest.fixture
def this_month(made: Province) -> list[dict[str, Any]]:
    """The meetings of a month that is not over."""
    return list(small.month_of_meetings(made, MONTH, share=0.95))


@pytest.fixture
def page_of(reader: Reader, site: Site) -> Reader:
    """The page at the site's own time, with an alert."""
    with db.connect(site.database_url, name="pictures") as conn:
        conn.execute("delete from alert_rule where name <> 'no_meeting'")
        conn.execute("update alert_rule set valid_from = '2024-01-01'")
    unit, _ = small.quiet_branch("GL-04-02-05", "GL-04-02", "Chi bộ thôn Hoà Bình")
    small.merge_units(site.database_url, [unit])
    site.look()
    reader.page.clock.set_fixed_time(datetime.fromisoformat(NOW))
    return reader


def _keep(page: Page, name: str, picture: bytes) -> None:
    """Write a screenshot as WebP, a third of its PNG; the browser knows how."""
    small_one = page.evaluate(WEBP, base64.b64encode(picture).decode())
    (IMAGES / f"{name}.webp").write_bytes(base64.b64decode(small_one))


def test_the_page(page_of: Reader) -> None:
    page = page_of.page
    page.set_viewport_size({"width": 1180, "height": 900})
    page_of.open()
    expect(page.locator("#alerts")).to_be_visible()
    _keep(page, "live-page", page.screenshot(full_page=True, animations="disabled"))


def test_the_evidence(page_of: Reader) -> None:
    page = page_of.page
    page.set_viewport_size({"width": 1180, "height": 640})
    page_of.open("?period=2025-05")
    page_of.figure("onTime").click()
    page_of.evidence()
    _keep(page, "live-page-evidence", page.get_by_role("dialog").screenshot(animations="disabled"))


@pytest.mark.parametrize("scale", [2])
def test_the_page_on_a_phone(page_of: Reader) -> None:
    page = page_of.page
    page.set_viewport_size({"width": 360, "height": 760})
    page_of.open("?period=2025-Q2")
    _keep(page, "live-page-phone", page.screenshot(animations="disabled"))
