"""Free text stays in the service: a recognisable name in every text field is in no event."""

from services.meetings.domain.minutes import Sections
from tests.integration.meetings import village
from tests.integration.meetings.village import FOURTH, SECRETARY, Meetings

_NAME = "Nguyễn Văn Nhận-Ra"


def test_no_text_leaves_through_the_outbox(meetings: Meetings) -> None:
    written = village.minutes(
        sections=dict.fromkeys(Sections.__struct_fields__, _NAME),
        opinions=[{"member_id": str(SECRETARY), "text": _NAME}],
        resolution={"text": _NAME, "votes": {"for": 4, "against": 0, "abstaining": 0}},
        tasks=[village.task(content=_NAME)],
    )
    absent = [{"member_id": str(FOURTH), "reason": _NAME}]
    row = village.row(place=_NAME, theme=_NAME, minutes=written, attendance=village.attendance(absent=absent))
    corrected = row | {"attendance": village.attendance(absent=absent, guests=9), "correction_reason": _NAME}
    missed = village.plan(kind="thematic", place=_NAME) | {"meeting_id": str(FOURTH), "reason": _NAME}
    assert meetings.bring_in(meetings=[row], not_held=[missed]).status == 200
    assert meetings.bring_in(meetings=[corrected]).status == 200

    sent = meetings.outbox()

    assert len(sent) == 4
    for name in (_NAME, _NAME.encode().decode("latin-1"), "Nhận-Ra", "Nh\\u1eadn-Ra"):
        needle = name.encode()
        for each in sent:
            assert needle not in (each.record.value or b"")
            assert all(needle not in value for _, value in each.record.headers)
    assert _NAME in str(meetings.tables()["revision"])
