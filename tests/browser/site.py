"""The site under test, and a person who reads it."""

import json
import re
import urllib.request
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from deploy.local.tokens import TokenIssuer
from services.evaluation.publish import publish_scorecards
from shared import db
from tests.browser.province import ROOT, Province, merge_meetings
from tests.integration.evaluation.alert_looks import looked


class Site(msgspec.Struct, frozen=True):
    """Evaluation's API: its address, its database, its province and the issuer of its tokens."""

    url: str
    database_url: str
    province: Province
    issuer: TokenIssuer
    clock_file: Path

    def token(self, role: str = "committee_officer", unit: UUID = ROOT) -> str:
        """A token of the local issuer."""
        return self.issuer.mint(role, unit)

    def report(self, meetings: Sequence[dict[str, Any]]) -> None:
        """Merge meetings and publish what changed, as the worker does."""
        merge_meetings(self.database_url, meetings)
        with db.connect(self.database_url, name="tests") as conn:
            while publish_scorecards(conn):
                conn.commit()

    def look(self) -> None:
        """Let alerts begin and cease, as the worker does at the site's present time."""
        with db.connect(self.database_url, name="tests") as conn:
            looked(conn, datetime.fromisoformat(self.clock_file.read_text()))

    def get(self, path: str) -> Any:
        """What the API says to an officer of the province."""
        asked = urllib.request.Request(f"{self.url}/v1/{path}", headers={"Authorization": f"Bearer {self.token()}"})
        with urllib.request.urlopen(asked) as answer:
            return json.load(answer)


class Reader:
    """A browser's tab before the site, with what it asked for and what its console said."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.context = context
        self.site = site
        self.requested: list[str] = []
        self.errors: list[str] = []
        self.page: Page = context.new_page()
        context.on("request", lambda request: self.requested.append(request.url))
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.errors.append(f"{message.text} ({message.location})")

    def forgive(self, *, containing: str) -> None:
        """Take from the console's errors those a test meant to cause; there must be one."""
        kept = [error for error in self.errors if containing not in error]
        assert len(kept) < len(self.errors), self.errors
        self.errors[:] = kept

    def open(self, query: str = "", token: str | None = None) -> Page:
        """Open the page with a token in the fragment, and wait for the figures."""
        self.page.goto(f"{self.site.url}/{query}#token={token or self.site.token()}")
        self.page.locator("#unit").wait_for()
        return self.page

    def figure(self, label: str) -> Locator:
        """A figure of the strip at the head of the page."""
        return self.page.locator(f"#strip [data-figure={label}] .figure")

    def evidence(self) -> Locator:
        """The dialog of evidence, once it is open and has read its first page."""
        expect(self.page.get_by_role("dialog")).to_be_visible()
        expect(self.page.locator("#evidence-state")).to_contain_text(re.compile("dòng|Không có"))
        return self.page.get_by_role("dialog")

    def rows(self) -> list[str]:
        """The names of the units in the table, in its order."""
        return self.page.locator(".units tbody th").all_inner_texts()
