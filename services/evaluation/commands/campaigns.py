"""Emulation campaigns: drawn up, run, reviewed in between, closed with the figures they stood on, awarded."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from services.evaluation import figures
from services.evaluation.commands.committees import Work, check_version, not_known, wrong_state
from services.evaluation.domain import campaign as domain
from services.evaluation.domain import periods
from services.evaluation.domain.campaign import Campaign, Individual, Participant, Standing
from services.evaluation.domain.committees import vi_day
from services.evaluation.store import campaigns as rows
from services.evaluation.store import committees as committee_rows
from services.evaluation.store.campaigns import Award, Kept
from services.evaluation.store.committees import Change
from services.evaluation.views import ranking_figures
from shared.errors import Conflict, Fault, NotFound, Text, Unprocessable

_EDITABLE = frozenset({"draft", "running", "interim"})


def unknown() -> NotFound:
    """There is no such campaign."""
    return not_known(Text("đợt thi đua", "campaign"))


def draw_up(work: Work, campaign: Campaign) -> Campaign:
    """A new campaign, as a draft. Raises Conflict when its id is taken, Unprocessable."""
    _check_criteria(campaign)
    if not rows.add(work.conn, campaign):
        raise Conflict("id-taken", Text("campaign_id đã dùng.", "The campaign_id is taken."))
    work.record(_change(campaign, "drawn-up", campaign))
    return campaign


def to_change(work: Work, campaign_id: UUID, expected: int | None) -> Campaign:
    """The campaign, locked. Raises NotFound, Conflict when it changed since `expected`."""
    found = rows.find(work.conn, campaign_id, lock=True)
    if found is None:
        raise unknown()
    check_version(expected, found.version)
    return found


def redraw(work: Work, before: Campaign, change: dict[str, Any]) -> Campaign:
    """Another title, period or criteria, while it is a draft. Raises Conflict, Unprocessable."""
    if before.state != "draft":
        raise wrong_state(before.state, Text("đợt thi đua còn là dự thảo (draft)", "it is a draft"))
    after = msgspec.structs.replace(before, version=before.version + 1, **change)
    _check_criteria(after)
    return _saved(work, after, "redrawn", after)


def take_part(work: Work, before: Campaign, units: Sequence[UUID], individuals: Sequence[Individual]) -> Campaign:
    """Who takes part, with the results of individuals; once it runs only results change.

    Raises Conflict, Unprocessable: a unit outside the holder's subtree at the period's end.
    """
    if before.state not in _EDITABLE:
        raise wrong_state(before.state, Text("đợt thi đua chưa kết thúc", "it is not closed"))
    day = ranking_figures.end_of(periods.parse(before.period))
    below = {*committee_rows.below(work.conn, before.unit_id, day)}
    there = {one.member_id: one.unit_id for one in rows.individuals(work.conn, before.campaign_id)}
    taking_part = rows.collectives(work.conn, before.campaign_id)
    within = below - {before.unit_id}
    if before.state != "draft":
        # A reorganisation may have moved them since: results of those who take part are entered all the same.
        within |= taking_part
        below |= taking_part | {*there.values()}
    outside = Text(
        "Đơn vị không thuộc cấp uỷ tổ chức thi đua vào cuối kỳ.",
        "At the period's end this unit does not stand below the committee that holds the campaign.",
    )
    faults = [
        Fault(f"collectives[{number}]", "outside", outside)
        for number, unit_id in enumerate(units)
        if unit_id not in within
    ]
    faults += [
        Fault(f"individuals[{number}].unit_id", "outside", outside)
        for number, one in enumerate(individuals)
        if one.unit_id not in below
    ]
    faults += domain.individual_faults(individuals)
    if len(set(units)) < len(units):
        twice = Text("Có đơn vị được nêu hai lần.", "A unit is named twice.")
        faults.append(Fault("collectives", "unit-twice", twice))
    is_same = set(units) == taking_part and {one.member_id for one in individuals} == there.keys()
    if before.state != "draft" and not is_same:
        fixed = Text(
            "Đợt thi đua đang chạy: danh sách tham gia giữ nguyên, chỉ cập nhật kết quả của cá nhân.",
            "The campaign runs: who takes part stays; only the results of individuals change.",
        )
        faults.append(Fault("collectives", "participants-fixed", fixed))
    if faults:
        raise Unprocessable.of(faults)
    rows.take_part(work.conn, before.campaign_id, units, individuals)
    after = msgspec.structs.replace(before, version=before.version + 1)
    return _saved(work, after, "participants", {"collectives": units, "individuals": individuals})


def step(work: Work, before: Campaign, name: str) -> Campaign:
    """Start it, review it in between, or close it. The last two keep the standing with the figures it stands on.

    Raises Conflict in another state, when nobody takes part, some who do are compared by nothing, or it would be closed
    before its period is over.
    """
    after = _stepped(before, name)
    if name == "start":
        taking_part: dict[domain.Kind, int] = {
            "collectives": len(rows.collectives(work.conn, before.campaign_id)),
            "individuals": len(rows.individuals(work.conn, before.campaign_id)),
        }
        if not any(taking_part.values()):
            message = Text(
                "Chưa có tập thể, cá nhân nào tham gia. Hãy thêm trước.", "Nobody takes part. Add them first."
            )
            raise Conflict("nobody", message)
        uncompared = domain.uncompared(before.criteria, taking_part)
        if uncompared:
            vi = " và ".join({"collectives": "tập thể", "individuals": "cá nhân"}[kind] for kind in uncompared)
            message = Text(
                f"Chưa có tiêu chí có trọng số cho {vi} tham gia. Hãy thêm tiêu chí, hoặc bỏ họ khỏi danh sách.",
                f"No criterion with a weight compares the {' and '.join(uncompared)} that take part. Add one, or take "
                "them off the list.",
            )
            raise Conflict("no-criterion", message)
        return _saved(work, after, "started", None)
    if name == "close":
        _check_over(work, before)
    kind = "final" if name == "close" else "interim"
    kept = Kept(kind, after.version, work.now, standing_now(work, before))
    rows.keep_standing(work.conn, before.campaign_id, kept)
    return _saved(work, after, "closed" if name == "close" else "interim", {"as_of": work.now})


def _check_over(work: Work, campaign: Campaign) -> None:
    """A final standing is of the whole period: its last day has passed. Raises Conflict."""
    last = ranking_figures.end_of(periods.parse(campaign.period))
    if work.today <= last:
        raise Conflict(
            "period-not-over",
            Text(
                f"Kỳ thi đua {campaign.period} đến hết ngày {vi_day(last)}, nên chưa tổng kết được. Hãy sơ kết "
                "(interim) trong khi chờ, và tổng kết từ ngày hôm sau.",
                f"The campaign's period {campaign.period} ends with {last}, so it cannot be closed yet. Hold an "
                "interim review meanwhile, and close it from the day after.",
            ),
        )


def award(work: Work, before: Campaign, given: Sequence[Award]) -> Campaign:
    """Award those of the final standing. Raises Conflict, Unprocessable: not in it, or a threshold was not met."""
    after = _stepped(before, "award")
    final = next(one for one in rows.standings(work.conn, before.campaign_id) if one.kind == "final").standing
    lines = {
        "collective": {line.subject_id: line for line in final.collectives},
        "individual": {line.subject_id: line for line in final.individuals},
    }
    faults = []
    for number, one in enumerate(given):
        line = lines[one.subject].get(one.subject_id)
        field = f"awards[{number}].subject_id"
        if line is None:
            absent = Text("Không có trong kết quả tổng kết.", "It is not in the final standing.")
            faults.append(Fault(field, "not-a-participant", absent))
        elif line.rank is None:
            unmet = ", ".join(line.unmet)
            low = Text(f"Chưa đạt tiêu chí bắt buộc: {unmet}.", f"A threshold was not met: {unmet}.")
            faults.append(Fault(field, "threshold-unmet", low))
    if len({(one.subject_id, one.award) for one in given}) < len(given):
        faults.append(
            Fault(
                "awards",
                "award-twice",
                Text("Có danh hiệu, hình thức khen thưởng được nêu hai lần.", "An award is named twice."),
            )
        )
    if faults:
        raise Unprocessable.of(faults)
    rows.add_awards(work.conn, before.campaign_id, given)
    return _saved(work, after, "awarded", {"awards": given})


def standing_now(work: Work, campaign: Campaign) -> Standing:
    """How it stands by the figures of this moment. A unit that stands below the holder no more has no figures."""
    units = rows.collectives(work.conn, campaign.campaign_id)
    period = periods.parse(campaign.period)
    found = {
        one.place.unit_id: one.value
        for one in ranking_figures.under(work.conn, campaign.unit_id, period, work.now)
        if one.place.unit_id in units
    }
    places = committee_rows.latest_places(work.conn, units, ranking_figures.end_of(period))
    collectives = [
        Participant(unit_id, places[unit_id].name, found.get(unit_id, lambda _: None)) for unit_id in sorted(places)
    ]
    members = rows.individuals(work.conn, campaign.campaign_id)
    individuals = [Participant(one.member_id, str(one.member_id), one.value) for one in members]
    return domain.standing(campaign.criteria, collectives, individuals)


def _check_criteria(campaign: Campaign) -> None:
    faults = [*domain.criteria_faults(campaign.criteria, figures.ORDERABLE.__contains__)]
    if faults:
        raise Unprocessable.of(faults)


def _stepped(before: Campaign, name: str) -> Campaign:
    allowed, state = domain.STEPS[name]
    if before.state not in allowed:
        states = ", ".join(sorted(allowed))
        raise wrong_state(before.state, Text(f"đợt thi đua ở trạng thái {states}", f"it is {states}"))
    return msgspec.structs.replace(before, version=before.version + 1, state=state)


def _saved(work: Work, after: Campaign, action: str, detail: object) -> Campaign:
    rows.save(work.conn, after)
    work.record(_change(after, action, detail))
    return after


def _change(campaign: Campaign, action: str, detail: object) -> Change:
    return Change("campaign", campaign.campaign_id, campaign.version, action, detail)
