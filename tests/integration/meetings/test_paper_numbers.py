"""Numbers of papers: continuous within a kind and a term, given once, without gaps however many ask at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from services.meetings.store import papers
from shared import db
from tests.integration.meetings import village
from tests.integration.meetings.village import BRANCH, OTHER_BRANCH, Answer, Meetings

_OLD = {"name": "Nhiệm kỳ 2022–2025", "first_day": "2022-06-01", "last_day": "2026-03-31"}
_NEW = {"name": "Nhiệm kỳ 2026–2028", "first_day": "2026-04-01", "last_day": None}


def _set_terms(meetings: Meetings, *terms: dict[str, Any], unit: object = BRANCH, token: str | None = None) -> Answer:
    return meetings.call("PUT", f"/units/{unit}/terms", {"terms": list(terms)}, token=token)


def _held(meetings: Meetings, *days: date) -> list[str]:
    rows = [village.row(day) for day in days]
    answer = meetings.bring_in(meetings=rows)
    assert answer.status == 200, answer.body
    return [row["meeting_id"] for row in rows]


def _issue(meetings: Meetings, meeting_id: str, kind: str = "minutes") -> Answer:
    return meetings.call("POST", f"/meetings/{meeting_id}/papers", {"kind": kind})


def test_each_kind_counts_for_itself_and_begins_again_with_a_term(meetings: Meetings) -> None:
    assert _set_terms(meetings, _OLD, _NEW).status == 200
    months = _held(meetings, *(date(2026, month, 3) for month in range(1, 7)))
    minutes = [_issue(meetings, meeting_id).body["sign"] for meeting_id in months]
    assert minutes == ["01-BB/CB", "02-BB/CB", "03-BB/CB", "01-BB/CB", "02-BB/CB", "03-BB/CB"]
    # A resolution carries the day it is issued, in June, and so the new term's number.
    assert [_issue(meetings, one, "resolution").body["sign"] for one in months[:2]] == ["01-NQ/CB", "02-NQ/CB"]
    sheet = _issue(meetings, months[0], "score_sheet").body
    assert (sheet["sign"], sheet["number"]) == (None, None)


def test_many_who_ask_at_once_leave_no_gap(meetings: Meetings) -> None:
    _set_terms(meetings, _OLD, _NEW)
    held = _held(meetings, *(date(year, month, 3) for year in (2024, 2025) for month in range(1, 13)))
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: _issue(meetings, one), [*held, *held]))
    assert {answer.status for answer in answers} == {200, 201}
    assert [answer.status for answer in answers].count(201) == len(held)
    numbers = {answer.body["meeting_id"]: answer.body["number"] for answer in answers}
    assert sorted(numbers.values()) == list(range(1, 25))
    assert all(numbers[answer.body["meeting_id"]] == answer.body["number"] for answer in answers)


def test_a_number_that_was_not_used_is_given_to_the_next(meetings: Meetings) -> None:
    _set_terms(meetings, _NEW)
    with db.connect(meetings.url, name="test") as conn:
        assert papers.next_number(conn, BRANCH, "minutes", date(2026, 4, 1)) == 1
        conn.rollback()
    (meeting_id,) = _held(meetings, date(2026, 5, 3))
    assert _issue(meetings, meeting_id).body["number"] == 1


def test_without_a_term_nothing_is_numbered(meetings: Meetings) -> None:
    (meeting_id,) = _held(meetings, date(2026, 5, 3))
    refused = _issue(meetings, meeting_id)
    assert (refused.status, refused.body["rule"]) == (409, "no-term")
    assert "03/05/2026" in refused.body["detail"]
    _set_terms(meetings, _OLD)
    assert _issue(meetings, meeting_id).body["rule"] == "no-term"
    _set_terms(meetings, _OLD, _NEW)
    assert _issue(meetings, meeting_id).body["number"] == 1


def test_terms_follow_one_another(meetings: Meetings) -> None:
    for terms, field, rule in (
        ([_NEW, _OLD], "terms[1].first_day", "terms-overlap"),
        ([_OLD, {**_NEW, "first_day": "2026-03-31"}], "terms[1].first_day", "terms-overlap"),
        ([{**_NEW, "last_day": "2026-03-31"}], "terms[0].last_day", "term-ends-first"),
    ):
        refused = _set_terms(meetings, *terms)
        assert refused.rules[field] == rule
    assert meetings.call("GET", f"/units/{BRANCH}/terms").body == {"terms": []}
    assert _set_terms(meetings, _OLD, _NEW).body == {"terms": [_OLD, _NEW]}


def test_a_term_with_papers_keeps_them(meetings: Meetings) -> None:
    _set_terms(meetings, _OLD, _NEW)
    (meeting_id,) = _held(meetings, date(2026, 5, 3))
    assert _issue(meetings, meeting_id).status == 201
    moved, cut = {**_NEW, "first_day": "2026-04-02"}, {**_NEW, "last_day": "2026-05-02"}
    for terms in ([_OLD], [_OLD, moved], [_OLD, cut]):
        assert _set_terms(meetings, *terms).rules == {"terms": "term-has-papers"}
    renamed = {**_NEW, "name": "Nhiệm kỳ XII", "last_day": "2028-04-30"}
    assert _set_terms(meetings, renamed).body == {"terms": [renamed]}


def test_only_the_branch_and_its_superiors_set_terms(meetings: Meetings) -> None:
    for token in (meetings.stranger, meetings.member, meetings.portal):
        assert _set_terms(meetings, _NEW, token=token).status == 403
    assert _set_terms(meetings, _NEW, token=meetings.officer).status == 200
    assert _set_terms(meetings, _NEW, unit=OTHER_BRANCH).status == 403
    assert meetings.call("GET", f"/units/{BRANCH}/terms", token=meetings.member).status == 200


def test_a_member_reads_papers_and_issues_none(meetings: Meetings) -> None:
    _set_terms(meetings, _NEW)
    (meeting_id,) = _held(meetings, date(2026, 5, 3))
    path = f"/meetings/{meeting_id}/papers"
    assert meetings.call("POST", path, {"kind": "minutes"}, token=meetings.member).status == 403
    assert meetings.call("GET", path, token=meetings.member).body == {"items": []}
