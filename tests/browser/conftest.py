"""A browser, and evaluation's API over a small province."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from werkzeug.serving import make_server

from deploy.local.tokens import AUDIENCE, ISSUER, TokenIssuer
from services.evaluation.api.app import build
from services.evaluation.settings import EvaluationSettings
from shared import months, process
from tests.browser import province as small
from tests.browser.chromium import ARGUMENTS, NoBrowser, find_chromium
from tests.browser.province import Province
from tests.browser.site import Reader, Site

MIGRATIONS = Path(process.__file__).parents[1] / "services/evaluation/store/migrations"
MONTH = "2025-06"
_PATIENCE = 30_000.0  # milliseconds; a machine that runs everything at once is slow
NOW = "2025-06-20T19:42:00+07:00"


@pytest.fixture(scope="package")  # it holds an event loop, which other tests must not meet
def browser() -> Iterator[Browser]:
    """The system's Chromium. Without one the tests are skipped, but in CI they fail."""
    try:
        executable = find_chromium()
    except NoBrowser as reason:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"THE LIVE PAGE IS NOT TESTED: {reason}")
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture
def made() -> Province:
    """The province: 3 districts × 2 communes × 3 branches."""
    return small.province(["Huyện uỷ Chư Sê", "Thị uỷ An Khê", "Huyện uỷ Đak Đoa"], communes=2, branches=3)


@pytest.fixture
def this_month(made: Province) -> list[dict[str, Any]]:
    """The meetings of the present month: every second branch has met."""
    return [small.adopted(branch, MONTH, chance=small.chance_of(branch, MONTH)) for branch in made.branches[::2]]


@pytest.fixture
def site(
    migrated_database: Callable[[str, Callable[[str], None]], str],
    tmp_path: Path,
    made: Province,
    this_month: list[dict[str, Any]],
) -> Iterator[Site]:
    """The service's API on a port of its own, over the province and a year of its meetings."""
    url = migrated_database("evaluation", lambda url: process.migrate(url, MIGRATIONS))
    small.merge_units(url, made.units)
    year = months.between(months.add(MONTH, -11), months.add(MONTH, -1))
    earlier = [meeting for month in year for meeting in small.month_of_meetings(made, month, share=1.0)]
    small.merge_meetings(url, earlier + this_month)
    small.merge_tasks(url, list(small.tasks_of(this_month, made, share=0.9)))
    issuer = TokenIssuer(tmp_path / "issuer")
    clock_file = tmp_path / "clock"
    clock_file.write_text(NOW)
    app = build(
        EvaluationSettings(
            database_url=url,
            database_pool=4,
            kafka_bootstrap="unused:9092",
            jwks_file=str(issuer.jwks_file),
            token_issuer=ISSUER,
            token_audience=AUDIENCE,
            clock_file=str(clock_file),
        )
    )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="live-page", daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", url, made, issuer, clock_file)
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["nenep"].pool.close()


@pytest.fixture
def scale() -> int:
    """Pixels of the screen in a CSS pixel."""
    return 1


@pytest.fixture
def reader(browser: Browser, site: Site, scale: int) -> Iterator[Reader]:
    """A person before the site. Afterwards: nothing left the machine, and the console holds no error."""
    context = browser.new_context(
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        viewport={"width": 1280, "height": 900},
        device_scale_factor=scale,
    )
    reader = Reader(context, site)
    yield reader
    context.close()
    assert [url for url in reader.requested if not url.startswith(f"{site.url}/")] == []
    assert reader.errors == []
