"""Evaluation's API, door by door.

Written by client/generate.py from evaluation.openapi.json: do not change it here.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from client.session import Event, Session, quoted


class AlertRuleEnd(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`AlertRuleEnd` of the API's description."""

    rejudge: bool | None = None
    valid_to: date


class AlertRuleGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`AlertRuleGiven` of the API's description."""

    citation: str
    issuer: str
    name: str
    rejudge: bool | None = None
    valid_from: date
    valid_to: date | None = None
    value: dict[str, Any]


class AlertRuleVersion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`AlertRuleVersion` of the API's description."""

    citation: str
    issuer: str
    name: str
    valid_from: date
    valid_to: date | None = None
    value: dict[str, Any]


class AlertUnit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`AlertUnit` of the API's description."""

    code: str
    name: str
    unit_id: UUID


class BothLanguages(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`BothLanguages` of the API's description."""

    en: str
    vi: str


class DecidingMonth(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`DecidingMonth` of the API's description."""

    facts: dict[str, Any]
    period: str


class BandGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`BandGiven` of the API's description."""

    above: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    below: float | None = None
    points: float


class CampaignAward(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`CampaignAward` of the API's description."""

    award: str
    citation: str
    subject: str
    subject_id: UUID


class CampaignCriterion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`CampaignCriterion` of the API's description."""

    direction: str
    figure: str
    of: str
    threshold: float | None = None
    weight: float | None = None


class CampaignIndividual(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`CampaignIndividual` of the API's description."""

    assigned: int
    done: int
    late: int
    member_id: UUID
    unit_id: UUID


class CommitteePast(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`CommitteePast` of the API's description."""

    action: str
    actor: str
    at: datetime
    detail: Any
    version: int


class CampaignLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`CampaignLine` of the API's description."""

    name: str
    points: float
    rank: int | None = None
    subject_id: UUID
    unmet: list[str]
    values: dict[str, float | None]


class ChangedShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ChangedShown` of the API's description."""

    branch_id: UUID
    evidence_after: float | None = None
    evidence_before: float | None = None
    grade_after: str | None = None
    grade_before: str | None = None
    held_on: date
    meeting_id: UUID
    points_after: float | None = None
    points_before: float | None = None


class Citation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`Citation` of the API's description."""

    citation: str
    issuer: str
    rule: str
    valid_from: date
    valid_to: date | None = None


class ClassificationByRubric(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ClassificationByRubric` of the API's description."""

    grade: str | None = None
    mean: float | None = None


class ClassificationDecided(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ClassificationDecided` of the API's description."""

    based_on: int | None = None
    grade: str | None
    reason: str | None = None
    unit_id: UUID


class ClassificationMember(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ClassificationMember` of the API's description."""

    code: str
    grade: str | None = None
    name: str
    proposed: str | None = None
    unit_id: UUID


class ClassificationShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ClassificationShown` of the API's description."""

    citation: str | None = None
    classification_id: UUID
    decided_on: date | None = None
    grade: str | None = None
    period: str
    proposal_reason: str | None = None
    proposed: str | None = None
    proposed_on: date | None = None
    reason: str | None = None
    return_reason: str | None = None
    returned_on: date | None = None
    superior_id: UUID | None = None
    unit_id: UUID
    version: int


class ClassificationProposal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ClassificationProposal` of the API's description."""

    grade: str
    period: str
    reason: str
    unit_id: UUID


class ClassificationReturn(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ClassificationReturn` of the API's description."""

    period: str
    reason: str
    unit_id: UUID


class CommitteeRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`CommitteeRule` of the API's description."""

    name: str
    source: str
    valid_from: date
    valid_to: date | None = None
    value: Any


class CommitteeWords(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`CommitteeWords` of the API's description."""

    en: str
    vi: str


class Scorecard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`Scorecard` of the API's description."""

    code: str
    computed_at: datetime | None = None
    derived: dict[str, float | None]
    kind: str
    level: str
    name: str
    parts: dict[str, int]
    period: str
    unit_id: UUID
    version: int


class DurationGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`DurationGiven` of the API's description."""

    from_members: int
    longer: int
    minutes: int


class GateGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`GateGiven` of the API's description."""

    count: int | None = None
    every: str | None = None
    grade: str
    kind: str
    of: list[str] | None = None
    reached: str | None = None


class GradeGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`GradeGiven` of the API's description."""

    above: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    below: float | None = None
    grade: str


class DisciplineFigure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`DisciplineFigure` of the API's description."""

    first: date
    last: date
    members: int
    unit_id: UUID


class EndGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`EndGiven` of the API's description."""

    rescore: bool | None = None
    valid_to: date
    version: int


class Sentence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`Sentence` of the API's description."""

    en: str
    vi: str


class Figure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`Figure` of the API's description."""

    en: str
    formula: str | None = None
    name: str
    source: str | None = None
    vi: str


class ForceGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ForceGiven` of the API's description."""

    rescore: bool | None = None
    version: int


class GateShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`GateShown` of the API's description."""

    grade: str
    kind: str
    missing: list[str]
    opens: bool | None = None


class GradedShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`GradedShown` of the API's description."""

    grade: str | None = None
    month: str
    points: float | None = None


class HeadsFigure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`HeadsFigure` of the API's description."""

    member: int
    not_member: int
    share: float | None = None
    vacant: int


class IntervalGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`IntervalGiven` of the API's description."""

    above: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    below: float | None = None


class NamesShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`NamesShown` of the API's description."""

    en: str
    vi: str


class StartingUnit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`StartingUnit` of the API's description."""

    name: str
    unit_id: UUID


class ModelEnd(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ModelEnd` of the API's description."""

    ended_on: date
    reason: str


class ModelNew(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ModelNew` of the API's description."""

    chosen_by: UUID
    citation: str
    model_id: UUID | None = None
    reason: str
    unit_id: UUID
    valid_from: date
    valid_to: date | None = None


class ModelShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ModelShown` of the API's description."""

    chosen_by: UUID
    citation: str
    end_reason: str | None = None
    ended_on: date | None = None
    model_id: UUID
    reason: str
    unit_id: UUID
    valid_from: date
    valid_to: date | None = None
    version: int


class RankingGroup(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`RankingGroup` of the API's description."""

    parent: str | None = None
    parent_id: str | None = None
    size: str | None = None
    type: str | None = None


class RankingLeast(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`RankingLeast` of the API's description."""

    least: int
    of: str


class RubricNamed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`RubricNamed` of the API's description."""

    citation: str
    en: str
    issuer: str
    rubric_id: UUID
    version: int
    vi: str


class SideShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`SideShown` of the API's description."""

    grades: dict[str, int]
    mean_evidence: float | None = None
    mean_points: float | None = None


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`Step` of the API's description."""

    kind: str
    name: str
    unit_id: UUID


class TargetFigure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`TargetFigure` of the API's description."""

    direction: str
    due_on: date
    kind: str
    measure: str
    own_report: bool
    part_of: UUID | None = None
    parts: int
    parts_reporting: int
    reached: float | None = None
    reported_on: date | None = None
    share_of_plan: float | None = None
    share_of_time: float
    standing: str | None = None
    target_id: UUID
    unit_id: UUID
    value: float
    year: int


class WeakCause(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`WeakCause` of the API's description."""

    code: str
    en: str
    figure: str | None = None
    grade: str | None = None
    period: str | None = None
    source: str | None = None
    threshold: float | None = None
    value: float | None = None
    vi: str


class WeakClosure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`WeakClosure` of the API's description."""

    citation: str
    period: str
    reason: str


class WeakDismissal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`WeakDismissal` of the API's description."""

    reason: str


class WeakEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`WeakEntry` of the API's description."""

    at: datetime
    entered_by: str
    entry_id: UUID
    on: date
    text: str


class WeakEntryGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`WeakEntryGiven` of the API's description."""

    entry_id: UUID | None = None
    on: date
    text: str


class WeakStep(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`WeakStep` of the API's description."""

    done_on: date | None = None
    due_on: date
    evidence: str | None = None
    step_id: UUID | None = None
    what: str
    withdrawn_on: date | None = None


class WeakNew(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`WeakNew` of the API's description."""

    citation: str
    period: str
    seen: list[str] | None = None
    unit_id: UUID
    weak_id: UUID | None = None


class WeakOpening(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`WeakOpening` of the API's description."""

    citation: str
    seen: list[str] | None = None


class WeakPeriod(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`WeakPeriod` of the API's description."""

    period: str


class WeakStepGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`WeakStepGiven` of the API's description."""

    due_on: date
    step_id: UUID | None = None
    what: str


class WeakStepDone(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`WeakStepDone` of the API's description."""

    done_on: date
    evidence: str


class AlertShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`AlertShown` of the API's description."""

    alert_id: UUID
    began: list[DecidingMonth]
    begun_at: datetime
    ended: list[DecidingMonth]
    ended_at: datetime | None = None
    reason: BothLanguages
    rule: str
    rule_from: date
    since: str
    source: str
    state: str
    title: BothLanguages
    unit: AlertUnit
    until: str | None = None
    version: int


class ScoreGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ScoreGiven` of the API's description."""

    all_at: float | None = None
    bands: list[BandGiven] | None = None
    how: str
    no: float | None = None
    none_at: float | None = None
    yes: float | None = None


class CampaignAwards(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`CampaignAwards` of the API's description."""

    awards: list[CampaignAward]


class CampaignGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`CampaignGiven` of the API's description."""

    citation: str
    criteria: list[CampaignCriterion]
    period: str
    title: str


class CampaignNew(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`CampaignNew` of the API's description."""

    campaign_id: UUID | None = None
    citation: str
    criteria: list[CampaignCriterion]
    period: str
    title: str
    unit_id: UUID


class CampaignShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`CampaignShown` of the API's description."""

    campaign_id: UUID | None = None
    citation: str
    criteria: list[CampaignCriterion]
    period: str
    state: str | None = None
    title: str
    unit_id: UUID
    version: int | None = None


class CampaignParticipants(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`CampaignParticipants` of the API's description."""

    collectives: list[UUID]
    individuals: list[CampaignIndividual]


class CampaignTable(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`CampaignTable` of the API's description."""

    collectives: list[CampaignLine]
    individuals: list[CampaignLine]


class ClassificationDecision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ClassificationDecision` of the API's description."""

    citation: str
    decided_on: date
    decisions: list[ClassificationDecided]
    period: str
    superior_id: UUID


class ClassificationGroup(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ClassificationGroup` of the API's description."""

    allowed: int
    best: int
    grades: dict[str, int]
    key: str
    members: list[ClassificationMember]
    proposed: dict[str, int]
    units: int


class ClassificationHistory(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ClassificationHistory` of the API's description."""

    by_rubric: ClassificationByRubric | None = None
    classification: ClassificationShown | None = None
    history: list[CommitteePast]


class ClassificationLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ClassificationLine` of the API's description."""

    branch_type: str | None = None
    classification: ClassificationShown | None = None
    code: str
    kind: str
    name: str
    parent_id: UUID | None = None
    unit_id: UUID


class ClassificationsDecided(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ClassificationsDecided` of the API's description."""

    items: list[ClassificationShown]


class CommitteeRules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`CommitteeRules` of the API's description."""

    items: list[CommitteeRule]


class Compared(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`Compared` of the API's description."""

    difference: dict[str, float | None]
    relation: str
    scorecard: Scorecard


class Ranked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`Ranked` of the API's description."""

    rank: int | None = None
    scorecard: Scorecard


class ScorecardPage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ScorecardPage` of the API's description."""

    items: list[Scorecard]
    next_cursor: str | None = None


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`Evidence` of the API's description."""

    branch_code: str
    branch_id: UUID
    branch_name: str
    contributed: dict[str, int]
    day: date | None = None
    id: UUID
    kind: str
    month: str
    rule: Citation | None = None
    why: Sentence


class VillagesFigure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`VillagesFigure` of the API's description."""

    heads: HeadsFigure
    on: date
    own_branch: int
    share_covered: float | None = None
    sharing: int
    unit_id: UUID
    villages: int
    without_branch: int


class OverrideGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`OverrideGiven` of the API's description."""

    measure: str
    points: float
    when: IntervalGiven


class ItemShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ItemShown` of the API's description."""

    applies_when: NamesShown | None = None
    by: str
    code: str
    en: str
    max: float | None = None
    measure: str | None = None
    measured: NamesShown | None = None
    points: float | None = None
    rule: str | None = None
    state: str
    value: float | None = None
    vi: str


class Me(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`Me` of the API's description."""

    today: date
    units: list[StartingUnit]


class ModelPage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ModelPage` of the API's description."""

    items: list[ModelShown]
    next_cursor: str | None = None


class RankingLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`RankingLine` of the API's description."""

    because: CommitteeWords | None = None
    behind: int
    branch_type: str | None = None
    code: str
    group: RankingGroup
    is_model: bool
    kind: str
    name: str
    of: int
    rank: int | None = None
    size: int | None = None
    unit_id: UUID
    unranked: str | None = None
    value: float | None = None


class YearShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`YearShown` of the API's description."""

    by_mean: str | None = None
    disciplined: int | None = None
    gates: list[GateShown]
    grade: str | None = None
    mean: float | None = None
    meetings: list[GradedShown]
    rubric: RubricNamed | None = None
    unit_id: UUID
    year: int


class TrialShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`TrialShown` of the API's description."""

    after: SideShown
    before: SideShown
    changed: int
    items: list[ChangedShown]
    meetings: int
    next_cursor: str | None = None


class TargetFigures(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`TargetFigures` of the API's description."""

    items: list[TargetFigure]
    on: date
    unit_id: UUID
    year: int


class WeakCandidate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`WeakCandidate` of the API's description."""

    causes: list[WeakCause]
    code: str
    is_registered: bool
    kind: str
    name: str
    unit_id: UUID


class WeakShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`WeakShown` of the API's description."""

    causes: list[WeakCause]
    citation: str | None = None
    ended_on: date | None = None
    opened_on: date | None = None
    origin: str
    period: str
    proposed_on: date
    reason: str | None = None
    state: str
    team: list[UUID]
    unit_id: UUID
    version: int
    weak_id: UUID


class WeakPlan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`WeakPlan` of the API's description."""

    citation: str
    steps: list[WeakStepGiven]
    team: list[UUID]


class AlertPage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`AlertPage` of the API's description."""

    items: list[AlertShown]
    next_cursor: str | None = None


class CampaignFull(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`CampaignFull` of the API's description."""

    awards: list[CampaignAward] | None = None
    campaign: CampaignShown | None = None
    collectives: list[UUID]
    history: list[CommitteePast] | None = None
    individuals: list[CampaignIndividual]


class CampaignPage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`CampaignPage` of the API's description."""

    items: list[CampaignShown]
    next_cursor: str | None = None


class CampaignKept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`CampaignKept` of the API's description."""

    as_of: datetime
    kind: str
    standing: CampaignTable
    version: int


class ClassificationGroups(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ClassificationGroups` of the API's description."""

    items: list[ClassificationGroup]
    percent: int
    source: str


class ClassificationPage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ClassificationPage` of the API's description."""

    counts: dict[str, int]
    items: list[ClassificationLine]
    next_cursor: str | None = None


class Comparison(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`Comparison` of the API's description."""

    base: Scorecard
    others: list[Compared]


class EvidencePage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`EvidencePage` of the API's description."""

    en: str
    figure: str
    formula: str | None = None
    items: list[Evidence]
    next_cursor: str | None = None
    period: str
    terms: list[str]
    unit_id: UUID
    value: float | None = None
    vi: str


class EvidenceGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`EvidenceGiven` of the API's description."""

    measure: str
    overrides: list[OverrideGiven] | None = None
    score: ScoreGiven


class GroupShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`GroupShown` of the API's description."""

    code: str
    covered: float | None = None
    difference: float | None = None
    en: str
    evidence: float | None = None
    items: list[ItemShown]
    max: float | None = None
    official: float | None = None
    self_: float | None = msgspec.field(name="self", default=None)
    vi: str


class RankingPage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`RankingPage` of the API's description."""

    items: list[RankingLine]
    least: RankingLeast | None = None
    next_cursor: str | None = None
    sources: list[str]


class WeakCandidatePage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`WeakCandidatePage` of the API's description."""

    items: list[WeakCandidate]
    next_cursor: str | None = None


class WeakFull(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`WeakFull` of the API's description."""

    code: str
    entries: list[WeakEntry]
    history: list[CommitteePast]
    name: str
    overdue: list[UUID]
    steps: list[WeakStep]
    weak: WeakShown


class WeakLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`WeakLine` of the API's description."""

    code: str
    done: int
    last_entry_on: date | None = None
    name: str
    next_due_on: date | None = None
    overdue: int
    steps: int
    weak: WeakShown


class WeakProposed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`WeakProposed` of the API's description."""

    items: list[WeakShown]


class CampaignStandings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`CampaignStandings` of the API's description."""

    items: list[CampaignKept]


class ItemGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ItemGiven` of the API's description."""

    applies_when: str | None = None
    by: str
    code: str
    en: str
    evidence: EvidenceGiven | None = None
    max: float
    otherwise: str | None = None
    vi: str


class SheetShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`SheetShown` of the API's description."""

    basis: str | None = None
    branch_id: UUID
    covered: float | None = None
    evidence: float | None = None
    gap: float | None = None
    grade: str | None = None
    groups: list[GroupShown]
    held_on: date
    meeting_id: UUID
    meeting_version: int
    month: str
    official_points: float | None = None
    points: float | None = None
    rubric: RubricNamed
    scored: bool
    self_points: float | None = None
    voted_points: float | None = None


class WeakRegisterPage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`WeakRegisterPage` of the API's description."""

    counts: dict[str, int]
    items: list[WeakLine]
    next_cursor: str | None = None


class GroupGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`GroupGiven` of the API's description."""

    code: str
    en: str
    items: list[ItemGiven]
    max: float
    vi: str


class ContentGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ContentGiven` of the API's description."""

    checked: bool
    citation: str
    duration: DurationGiven
    en: str
    gates: list[GateGiven] | None = None
    grades: list[GradeGiven]
    groups: list[GroupGiven]
    issuer: str
    notes: str
    sheet: str
    vi: str


class RubricGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`RubricGiven` of the API's description."""

    content: ContentGiven
    owner_id: UUID | None = None
    rubric_id: UUID | None = None
    valid_from: date
    valid_to: date | None = None


class RubricShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`RubricShown` of the API's description."""

    content: ContentGiven
    entered_at: datetime
    entered_by: str
    in_force_at: datetime | None = None
    in_force_by: str | None = None
    owner_id: UUID | None = None
    rubric_id: UUID
    state: str
    valid_from: date
    valid_to: date | None = None
    version: int


class RubricPage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`RubricPage` of the API's description."""

    items: list[RubricShown]
    next_cursor: str | None = None


class Evaluation:
    """Evaluation's doors. Every method raises client.session.Problem when it is refused."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get_alert_rules(self) -> list[AlertRuleVersion]:
        """Every version of every rule of alerts, by name and day"""
        found: list[AlertRuleVersion] = self._session.json("GET", "/v1/alert-rules", {}, list[AlertRuleVersion])
        return found

    def post_alert_rules(self, body: AlertRuleGiven) -> list[AlertRuleVersion]:
        """A version of a rule from a day on; the one in force then ends there, one of the same first day is r…"""
        found: list[AlertRuleVersion] = self._session.json("POST", "/v1/alert-rules", {}, list[AlertRuleVersion], body)
        return found

    def post_alert_rules_end(self, name: str, body: AlertRuleEnd) -> list[AlertRuleVersion]:
        """End the version of a rule that holds on a day, without a successor: its alerts cease with `rule-end…"""
        found: list[AlertRuleVersion] = self._session.json(
            "POST", f"/v1/alert-rules/{quoted(name)}/end", {}, list[AlertRuleVersion], body
        )
        return found

    def get_alerts_by_alert_id(self, alert_id: UUID | str) -> AlertShown:
        """An alert with its reason, and the months and figures behind it"""
        found: AlertShown = self._session.json("GET", f"/v1/alerts/{quoted(alert_id)}", {}, AlertShown)
        return found

    def post_campaigns(self, body: CampaignNew) -> CampaignFull:
        """A committee draws up a campaign among the units below it and their members"""
        found: CampaignFull = self._session.json("POST", "/v1/campaigns", {}, CampaignFull, body)
        return found

    def get_campaigns_by_campaign_id(self, campaign_id: UUID | str) -> CampaignFull:
        """A campaign with who takes part, awards and history"""
        found: CampaignFull = self._session.json("GET", f"/v1/campaigns/{quoted(campaign_id)}", {}, CampaignFull)
        return found

    def put_campaigns_by_campaign_id(
        self, campaign_id: UUID | str, body: CampaignGiven, *, if_match: int | None = None
    ) -> CampaignFull:
        """Another title, period or criteria, while it is a draft"""
        found: CampaignFull = self._session.json(
            "PUT", f"/v1/campaigns/{quoted(campaign_id)}", {}, CampaignFull, body, if_match=if_match
        )
        return found

    def post_campaigns_awards(
        self, campaign_id: UUID | str, body: CampaignAwards, *, if_match: int | None = None
    ) -> CampaignFull:
        """The awards, all at once; only to those of the final standing who met every threshold"""
        found: CampaignFull = self._session.json(
            "POST", f"/v1/campaigns/{quoted(campaign_id)}/awards", {}, CampaignFull, body, if_match=if_match
        )
        return found

    def post_campaigns_closure(self, campaign_id: UUID | str, *, if_match: int | None = None) -> CampaignFull:
        """The campaign ends: the final standing is kept with the figures it stands on, whatever they become l…"""
        found: CampaignFull = self._session.json(
            "POST", f"/v1/campaigns/{quoted(campaign_id)}/closure", {}, CampaignFull, if_match=if_match
        )
        return found

    def post_campaigns_interim(self, campaign_id: UUID | str, *, if_match: int | None = None) -> CampaignFull:
        """The interim review: the standing of this moment is kept; it can be held again"""
        found: CampaignFull = self._session.json(
            "POST", f"/v1/campaigns/{quoted(campaign_id)}/interim", {}, CampaignFull, if_match=if_match
        )
        return found

    def put_campaigns_participants(
        self, campaign_id: UUID | str, body: CampaignParticipants, *, if_match: int | None = None
    ) -> CampaignFull:
        """The units and members that take part; while it runs only members' results change"""
        found: CampaignFull = self._session.json(
            "PUT", f"/v1/campaigns/{quoted(campaign_id)}/participants", {}, CampaignFull, body, if_match=if_match
        )
        return found

    def get_campaigns_standings(self, campaign_id: UUID | str) -> CampaignStandings:
        """Every standing that was kept; while the campaign runs also the one of this moment"""
        found: CampaignStandings = self._session.json(
            "GET", f"/v1/campaigns/{quoted(campaign_id)}/standings", {}, CampaignStandings
        )
        return found

    def post_campaigns_start(self, campaign_id: UUID | str, *, if_match: int | None = None) -> CampaignFull:
        """The campaign runs: criteria and who takes part stay from now on"""
        found: CampaignFull = self._session.json(
            "POST", f"/v1/campaigns/{quoted(campaign_id)}/start", {}, CampaignFull, if_match=if_match
        )
        return found

    def post_classifications_decisions(self, body: ClassificationDecision) -> ClassificationsDecided:
        """The direct superior decides the grades of units below it, all or nothing; null withdraws a grade"""
        found: ClassificationsDecided = self._session.json(
            "POST", "/v1/classifications/decisions", {}, ClassificationsDecided, body
        )
        return found

    def post_classifications_proposals(
        self, body: ClassificationProposal, *, if_match: int | None = None
    ) -> ClassificationShown:
        """A unit proposes its own grade of a quarter or year, again if need be; what was decided stays"""
        found: ClassificationShown = self._session.json(
            "POST", "/v1/classifications/proposals", {}, ClassificationShown, body, if_match=if_match
        )
        return found

    def post_classifications_returns(
        self, body: ClassificationReturn, *, if_match: int | None = None
    ) -> ClassificationShown:
        """An office above a unit returns its proposal with a reason; it stays until the unit sends another"""
        found: ClassificationShown = self._session.json(
            "POST", "/v1/classifications/returns", {}, ClassificationShown, body, if_match=if_match
        )
        return found

    def get_committee_rules(self, *, on: date | None = None) -> CommitteeRules:
        """Size bands, minimums of rankings, causes of weakness and the limit of classification on a day"""
        found: CommitteeRules = self._session.json("GET", "/v1/committee-rules", {"on": on}, CommitteeRules)
        return found

    def get_figures(self) -> list[Figure]:
        """What each figure means"""
        found: list[Figure] = self._session.json("GET", "/v1/figures", {}, list[Figure])
        return found

    def get_me(self) -> Me:
        """The units this token reaches, and the present day"""
        found: Me = self._session.json("GET", "/v1/me", {}, Me)
        return found

    def get_meetings_sheet(self, meeting_id: UUID | str) -> SheetShown:
        """Each item with its evidence and the rule it is scored by, beside what people gave its group"""
        found: SheetShown = self._session.json("GET", f"/v1/meetings/{quoted(meeting_id)}/sheet", {}, SheetShown)
        return found

    def post_model_branches(self, body: ModelNew) -> ModelShown:
        """A committee above a branch chooses it as a model, for a time and with a reason"""
        found: ModelShown = self._session.json("POST", "/v1/model-branches", {}, ModelShown, body)
        return found

    def post_model_branches_end(
        self, model_id: UUID | str, body: ModelEnd, *, if_match: int | None = None
    ) -> ModelShown:
        """It is a model branch no longer, and why: so says who chose it, or an office above that"""
        found: ModelShown = self._session.json(
            "POST", f"/v1/model-branches/{quoted(model_id)}/end", {}, ModelShown, body, if_match=if_match
        )
        return found

    def get_rubrics(
        self,
        *,
        limit: int | None = None,
        owner: UUID | None = None,
        state: str | None = None,
        on: date | None = None,
        cursor: str | None = None,
    ) -> RubricPage:
        """Versions of rubrics: those in force, templates to be copied, drafts of units that the actor governs"""
        found: RubricPage = self._session.json(
            "GET",
            "/v1/rubrics",
            {"limit": limit, "owner": owner, "state": state, "on": on, "cursor": cursor},
            RubricPage,
        )
        return found

    def each_rubrics(
        self, *, limit: int | None = None, owner: UUID | None = None, state: str | None = None, on: date | None = None
    ) -> Iterator[Any]:
        """The same, every item of all pages."""
        return self._session.pages(
            "/v1/rubrics", {"limit": limit, "owner": owner, "state": state, "on": on}, RubricPage
        )

    def post_rubrics(self, body: RubricGiven) -> RubricShown:
        """A draft. Every gap and overlap of its bands is named with a value that lies in it; nothing is score…"""
        found: RubricShown = self._session.json("POST", "/v1/rubrics", {}, RubricShown, body)
        return found

    def get_rubrics_by_rubric_id(self, rubric_id: UUID | str, *, version: int | None = None) -> RubricShown:
        """A version of a rubric, the newest unless another is named"""
        found: RubricShown = self._session.json(
            "GET", f"/v1/rubrics/{quoted(rubric_id)}", {"version": version}, RubricShown
        )
        return found

    def post_rubrics_end(self, rubric_id: UUID | str, body: EndGiven) -> RubricShown:
        """End an open version in force without a successor: from that day on the next rubric above holds, or …"""
        found: RubricShown = self._session.json("POST", f"/v1/rubrics/{quoted(rubric_id)}/end", {}, RubricShown, body)
        return found

    def post_rubrics_in_force(self, rubric_id: UUID | str, body: ForceGiven) -> RubricShown:
        """Score by a draft from its first day on; an open version before it ends there"""
        found: RubricShown = self._session.json(
            "POST", f"/v1/rubrics/{quoted(rubric_id)}/in-force", {}, RubricShown, body
        )
        return found

    def post_rubrics_trial(
        self,
        rubric_id: UUID | str,
        *,
        from_: date,
        to: date,
        version: int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> TrialShown:
        """What would have changed: meetings of a period by grade as they are and by this rubric, and which ch…"""
        found: TrialShown = self._session.json(
            "POST",
            f"/v1/rubrics/{quoted(rubric_id)}/trial",
            {"version": version, "limit": limit, "from": from_, "to": to, "cursor": cursor},
            TrialShown,
        )
        return found

    def each_rubrics_trial(
        self, rubric_id: UUID | str, *, from_: date, to: date, version: int | None = None, limit: int | None = None
    ) -> Iterator[Any]:
        """The same, every item of all pages."""
        return self._session.pages(
            f"/v1/rubrics/{quoted(rubric_id)}/trial",
            {"version": version, "limit": limit, "from": from_, "to": to},
            TrialShown,
        )

    def get_units_alerts(
        self,
        unit_id: UUID | str,
        *,
        limit: int | None = None,
        state: str | None = None,
        rule: str | None = None,
        cursor: str | None = None,
    ) -> AlertPage:
        """The alerts of the unit and of all units below it today, the newest first"""
        found: AlertPage = self._session.json(
            "GET",
            f"/v1/units/{quoted(unit_id)}/alerts",
            {"limit": limit, "state": state, "rule": rule, "cursor": cursor},
            AlertPage,
        )
        return found

    def each_units_alerts(
        self, unit_id: UUID | str, *, limit: int | None = None, state: str | None = None, rule: str | None = None
    ) -> Iterator[Any]:
        """The same, every item of all pages."""
        return self._session.pages(
            f"/v1/units/{quoted(unit_id)}/alerts", {"limit": limit, "state": state, "rule": rule}, AlertPage
        )

    def get_units_briefing(self, unit_id: UUID | str, *, period: str) -> bytes:
        """The pack for the quarterly conference or the six-month review, as a workbook or a document, charts …"""
        return self._session.raw("GET", f"/v1/units/{quoted(unit_id)}/briefing", {"period": period})

    def get_units_campaigns(
        self, unit_id: UUID | str, *, limit: int | None = None, state: str | None = None, cursor: str | None = None
    ) -> CampaignPage:
        """The campaigns held in a subtree, and those that have begun in which one of its units takes part"""
        found: CampaignPage = self._session.json(
            "GET",
            f"/v1/units/{quoted(unit_id)}/campaigns",
            {"limit": limit, "state": state, "cursor": cursor},
            CampaignPage,
        )
        return found

    def each_units_campaigns(
        self, unit_id: UUID | str, *, limit: int | None = None, state: str | None = None
    ) -> Iterator[Any]:
        """The same, every item of all pages."""
        return self._session.pages(
            f"/v1/units/{quoted(unit_id)}/campaigns", {"limit": limit, "state": state}, CampaignPage
        )

    def get_units_changes(
        self, unit_id: UUID | str, *, depth: str | None = None, last_id: str | None = None
    ) -> Iterator[Event]:
        """Events `scorecard` {unit_id, period, version} of a subtree, after they are committed"""
        return self._session.events(f"/v1/units/{quoted(unit_id)}/changes", {"depth": depth}, last_id)

    def get_units_children(
        self,
        unit_id: UUID | str,
        *,
        period: str,
        fields: str | None = None,
        order_by: str | None = None,
        descending: bool | None = None,
    ) -> list[Ranked]:
        """The units directly below, ranked by a figure"""
        found: list[Ranked] = self._session.json(
            "GET",
            f"/v1/units/{quoted(unit_id)}/children",
            {"period": period, "fields": fields, "order_by": order_by, "descending": descending},
            list[Ranked],
        )
        return found

    def get_units_classification(self, unit_id: UUID | str, *, period: str) -> ClassificationHistory:
        """A unit's classification of a quarter or year, and every version of it: who gave which grade, when"""
        found: ClassificationHistory = self._session.json(
            "GET", f"/v1/units/{quoted(unit_id)}/classification", {"period": period}, ClassificationHistory
        )
        return found

    def get_units_classification_groups(self, unit_id: UUID | str, *, period: str) -> ClassificationGroups:
        """The comparison groups of the units directly below: grades, and how many may be graded excellent"""
        found: ClassificationGroups = self._session.json(
            "GET", f"/v1/units/{quoted(unit_id)}/classification-groups", {"period": period}, ClassificationGroups
        )
        return found

    def get_units_classifications(
        self,
        unit_id: UUID | str,
        *,
        period: str,
        limit: int | None = None,
        grade: str | None = None,
        state: str | None = None,
        cursor: str | None = None,
    ) -> ClassificationPage:
        """A unit and all below it at the period's end with what was proposed and decided, and counts"""
        found: ClassificationPage = self._session.json(
            "GET",
            f"/v1/units/{quoted(unit_id)}/classifications",
            {"limit": limit, "period": period, "grade": grade, "state": state, "cursor": cursor},
            ClassificationPage,
        )
        return found

    def each_units_classifications(
        self,
        unit_id: UUID | str,
        *,
        period: str,
        limit: int | None = None,
        grade: str | None = None,
        state: str | None = None,
    ) -> Iterator[Any]:
        """The same, every item of all pages."""
        return self._session.pages(
            f"/v1/units/{quoted(unit_id)}/classifications",
            {"limit": limit, "period": period, "grade": grade, "state": state},
            ClassificationPage,
        )

    def get_units_comparison(
        self,
        unit_id: UUID | str,
        *,
        period: str,
        fields: str | None = None,
        with_: str | None = None,
        units: str | None = None,
    ) -> Comparison:
        """A unit's scorecard beside its own of earlier periods, and those of other units"""
        found: Comparison = self._session.json(
            "GET",
            f"/v1/units/{quoted(unit_id)}/comparison",
            {"period": period, "fields": fields, "with": with_, "units": units},
            Comparison,
        )
        return found

    def get_units_discipline(self, unit_id: UUID | str, *, period: str) -> DisciplineFigure:
        """How many members of a unit's branches were disciplined in a period"""
        found: DisciplineFigure = self._session.json(
            "GET", f"/v1/units/{quoted(unit_id)}/discipline", {"period": period}, DisciplineFigure
        )
        return found

    def get_units_figures(
        self,
        unit_id: UUID | str,
        *,
        period: str,
        fields: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> ScorecardPage:
        """The scorecards of the unit and of all units below it"""
        found: ScorecardPage = self._session.json(
            "GET",
            f"/v1/units/{quoted(unit_id)}/figures",
            {"period": period, "fields": fields, "limit": limit, "cursor": cursor},
            ScorecardPage,
        )
        return found

    def each_units_figures(
        self, unit_id: UUID | str, *, period: str, fields: str | None = None, limit: int | None = None
    ) -> Iterator[Any]:
        """The same, every item of all pages."""
        return self._session.pages(
            f"/v1/units/{quoted(unit_id)}/figures", {"period": period, "fields": fields, "limit": limit}, ScorecardPage
        )

    def get_units_figures_evidence(
        self,
        unit_id: UUID | str,
        name: str,
        *,
        period: str,
        known_at: datetime | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> EvidencePage:
        """The meetings, tasks or branches a figure is counted from, each with what it counts for, why, and th…"""
        found: EvidencePage = self._session.json(
            "GET",
            f"/v1/units/{quoted(unit_id)}/figures/{quoted(name)}/evidence",
            {"period": period, "known_at": known_at, "limit": limit, "cursor": cursor},
            EvidencePage,
        )
        return found

    def each_units_figures_evidence(
        self, unit_id: UUID | str, name: str, *, period: str, known_at: datetime | None = None, limit: int | None = None
    ) -> Iterator[Any]:
        """The same, every item of all pages."""
        return self._session.pages(
            f"/v1/units/{quoted(unit_id)}/figures/{quoted(name)}/evidence",
            {"period": period, "known_at": known_at, "limit": limit},
            EvidencePage,
        )

    def get_units_model_branches(
        self, unit_id: UUID | str, *, limit: int | None = None, on: date | None = None, cursor: str | None = None
    ) -> ModelPage:
        """The model branches of a unit and all below it, on a day or ever"""
        found: ModelPage = self._session.json(
            "GET",
            f"/v1/units/{quoted(unit_id)}/model-branches",
            {"limit": limit, "on": on, "cursor": cursor},
            ModelPage,
        )
        return found

    def each_units_model_branches(
        self, unit_id: UUID | str, *, limit: int | None = None, on: date | None = None
    ) -> Iterator[Any]:
        """The same, every item of all pages."""
        return self._session.pages(f"/v1/units/{quoted(unit_id)}/model-branches", {"limit": limit, "on": on}, ModelPage)

    def get_units_path(self, unit_id: UUID | str, *, period: str) -> list[Step]:
        """The units above at the period's end, as far up as the reader's rights, and the unit itself"""
        found: list[Step] = self._session.json(
            "GET", f"/v1/units/{quoted(unit_id)}/path", {"period": period}, list[Step]
        )
        return found

    def get_units_rankings(
        self,
        unit_id: UUID | str,
        *,
        period: str,
        limit: int | None = None,
        figure: str | None = None,
        by: str | None = None,
        of: str | None = None,
        descending: bool | None = None,
        cursor: str | None = None,
    ) -> RankingPage:
        """The branches (or committees) below a unit ranked by a figure, each among those of its type, parent …"""
        found: RankingPage = self._session.json(
            "GET",
            f"/v1/units/{quoted(unit_id)}/rankings",
            {
                "limit": limit,
                "period": period,
                "figure": figure,
                "by": by,
                "of": of,
                "descending": descending,
                "cursor": cursor,
            },
            RankingPage,
        )
        return found

    def each_units_rankings(
        self,
        unit_id: UUID | str,
        *,
        period: str,
        limit: int | None = None,
        figure: str | None = None,
        by: str | None = None,
        of: str | None = None,
        descending: bool | None = None,
    ) -> Iterator[Any]:
        """The same, every item of all pages."""
        return self._session.pages(
            f"/v1/units/{quoted(unit_id)}/rankings",
            {"limit": limit, "period": period, "figure": figure, "by": by, "of": of, "descending": descending},
            RankingPage,
        )

    def get_units_scorecard(
        self, unit_id: UUID | str, *, period: str, fields: str | None = None, known_at: datetime | None = None
    ) -> Scorecard:
        """A unit's scorecard"""
        found: Scorecard = self._session.json(
            "GET",
            f"/v1/units/{quoted(unit_id)}/scorecard",
            {"period": period, "fields": fields, "known_at": known_at},
            Scorecard,
        )
        return found

    def get_units_targets(
        self, unit_id: UUID | str, *, on: date | None = None, year: int | None = None
    ) -> TargetFigures:
        """A unit's targets against plan and time"""
        found: TargetFigures = self._session.json(
            "GET", f"/v1/units/{quoted(unit_id)}/targets", {"on": on, "year": year}, TargetFigures
        )
        return found

    def get_units_trend(
        self, unit_id: UUID | str, *, from_: str, to: str, fields: str | None = None, by: str | None = None
    ) -> list[Scorecard]:
        """A unit's scorecards, period by period"""
        found: list[Scorecard] = self._session.json(
            "GET",
            f"/v1/units/{quoted(unit_id)}/trend",
            {"fields": fields, "from": from_, "to": to, "by": by},
            list[Scorecard],
        )
        return found

    def get_units_villages(self, unit_id: UUID | str, *, on: date | None = None) -> VillagesFigure:
        """How far branches reach a unit's villages"""
        found: VillagesFigure = self._session.json(
            "GET", f"/v1/units/{quoted(unit_id)}/villages", {"on": on}, VillagesFigure
        )
        return found

    def get_units_weak_candidates(
        self, unit_id: UUID | str, *, period: str, limit: int | None = None, cursor: str | None = None
    ) -> WeakCandidatePage:
        """The units of a subtree that show causes in a period, whether the register has them or not"""
        found: WeakCandidatePage = self._session.json(
            "GET",
            f"/v1/units/{quoted(unit_id)}/weak-candidates",
            {"limit": limit, "period": period, "cursor": cursor},
            WeakCandidatePage,
        )
        return found

    def each_units_weak_candidates(
        self, unit_id: UUID | str, *, period: str, limit: int | None = None
    ) -> Iterator[Any]:
        """The same, every item of all pages."""
        return self._session.pages(
            f"/v1/units/{quoted(unit_id)}/weak-candidates", {"limit": limit, "period": period}, WeakCandidatePage
        )

    def get_units_weak_organisations(
        self,
        unit_id: UUID | str,
        *,
        limit: int | None = None,
        state: str | None = None,
        cause: str | None = None,
        overdue: bool | None = None,
        cursor: str | None = None,
    ) -> WeakRegisterPage:
        """The register of a unit and all below it, with counts for the whole of it"""
        found: WeakRegisterPage = self._session.json(
            "GET",
            f"/v1/units/{quoted(unit_id)}/weak-organisations",
            {"limit": limit, "state": state, "cause": cause, "overdue": overdue, "cursor": cursor},
            WeakRegisterPage,
        )
        return found

    def each_units_weak_organisations(
        self,
        unit_id: UUID | str,
        *,
        limit: int | None = None,
        state: str | None = None,
        cause: str | None = None,
        overdue: bool | None = None,
    ) -> Iterator[Any]:
        """The same, every item of all pages."""
        return self._session.pages(
            f"/v1/units/{quoted(unit_id)}/weak-organisations",
            {"limit": limit, "state": state, "cause": cause, "overdue": overdue},
            WeakRegisterPage,
        )

    def post_units_weak_proposals(self, unit_id: UUID | str, body: WeakPeriod) -> WeakProposed:
        """Let the system propose every unit of a subtree that shows causes and is not in the register"""
        found: WeakProposed = self._session.json(
            "POST", f"/v1/units/{quoted(unit_id)}/weak-proposals", {}, WeakProposed, body
        )
        return found

    def get_units_year_grade(self, unit_id: UUID | str, *, year: int) -> YearShown:
        """A branch's year by its rubric's gates: its regular meetings as graded, and what keeps a better grad…"""
        found: YearShown = self._session.json(
            "GET", f"/v1/units/{quoted(unit_id)}/year-grade", {"year": year}, YearShown
        )
        return found

    def post_weak_organisations(self, body: WeakNew) -> WeakFull:
        """An officer above a unit enters it: with the causes its figures show and those that were seen"""
        found: WeakFull = self._session.json("POST", "/v1/weak-organisations", {}, WeakFull, body)
        return found

    def get_weak_organisations_by_weak_id(self, weak_id: UUID | str) -> WeakFull:
        """An entry with its causes, plan, team, follow-up and history"""
        found: WeakFull = self._session.json("GET", f"/v1/weak-organisations/{quoted(weak_id)}", {}, WeakFull)
        return found

    def post_weak_organisations_closure(
        self, weak_id: UUID | str, body: WeakClosure, *, if_match: int | None = None
    ) -> WeakFull:
        """The unit is no longer weak: refused while any cause holds in the (later) period that is looked at"""
        found: WeakFull = self._session.json(
            "POST", f"/v1/weak-organisations/{quoted(weak_id)}/closure", {}, WeakFull, body, if_match=if_match
        )
        return found

    def post_weak_organisations_dismissal(
        self, weak_id: UUID | str, body: WeakDismissal, *, if_match: int | None = None
    ) -> WeakFull:
        """A proposal of the system is not taken up, and why; it stays in the register's history"""
        found: WeakFull = self._session.json(
            "POST", f"/v1/weak-organisations/{quoted(weak_id)}/dismissal", {}, WeakFull, body, if_match=if_match
        )
        return found

    def post_weak_organisations_entries(
        self, weak_id: UUID | str, body: WeakEntryGiven, *, if_match: int | None = None
    ) -> WeakFull:
        """What was seen on a day; the unit itself may say so"""
        found: WeakFull = self._session.json(
            "POST", f"/v1/weak-organisations/{quoted(weak_id)}/entries", {}, WeakFull, body, if_match=if_match
        )
        return found

    def post_weak_organisations_opening(
        self, weak_id: UUID | str, body: WeakOpening, *, if_match: int | None = None
    ) -> WeakFull:
        """A proposal of the system is taken up by an office above the unit"""
        found: WeakFull = self._session.json(
            "POST", f"/v1/weak-organisations/{quoted(weak_id)}/opening", {}, WeakFull, body, if_match=if_match
        )
        return found

    def put_weak_organisations_plan(
        self, weak_id: UUID | str, body: WeakPlan, *, if_match: int | None = None
    ) -> WeakFull:
        """The plan of consolidation and the team that sees to it, in place of those before"""
        found: WeakFull = self._session.json(
            "PUT", f"/v1/weak-organisations/{quoted(weak_id)}/plan", {}, WeakFull, body, if_match=if_match
        )
        return found

    def post_weak_organisations_steps_done(
        self, weak_id: UUID | str, step_id: UUID | str, body: WeakStepDone, *, if_match: int | None = None
    ) -> WeakFull:
        """A step of the plan is done, with what shows it; the unit itself may say so"""
        found: WeakFull = self._session.json(
            "POST",
            f"/v1/weak-organisations/{quoted(weak_id)}/steps/{quoted(step_id)}/done",
            {},
            WeakFull,
            body,
            if_match=if_match,
        )
        return found
