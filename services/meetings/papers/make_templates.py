"""Makes the shipped DOCX templates: `python -m services.meetings.papers.make_templates`.

They are kept as files, so that a province takes one, changes it in an office suite and puts it into its own folder;
what stands between braces is explained in docs/meetings.md.
"""

from pathlib import Path

from docx.document import Document as Paper

from services.meetings.papers.form import (
    begun,
    body,
    carried,
    closed,
    conclusions,
    counted,
    each,
    named,
    part,
    scores,
    sub,
    tasks,
)
from services.meetings.papers.library import SHIPPED


def minutes() -> Paper:
    """Biên bản."""
    paper = begun()
    body(
        paper,
        "Hôm nay, vào hồi {{ meeting.began }}, {{ meeting.day }}, tại {{ meeting.place }}, {{ branch_name }} tổ chức "
        "{{ meeting.kind }} {{ meeting.month }}{% if meeting.theme %}, chuyên đề “{{ meeting.theme }}”{% endif %}.",
    )
    part(paper, "I. THÀNH PHẦN")
    body(
        paper,
        "Tổng số đảng viên: {{ people.total }}, trong đó chính thức {{ people.official }}, dự bị "
        "{{ people.probationary }}; sinh hoạt tạm thời từ nơi khác đến {{ people.received }}, được miễn công tác và "
        "sinh hoạt {{ people.exempt }}, đang sinh hoạt tạm thời nơi khác {{ people.elsewhere }}.",
        "Phải dự: {{ people.owed }}; có mặt: {{ people.present }}{% if people.share %} ({{ people.share }}){% endif %}"
        "{% if people.late %}; đến muộn: {{ people.late|join(', ') }}{% endif %}.",
        "Vắng có lý do: {{ people.absent_with_reason|length }}{% if people.absent_with_reason %} ("
        "{% for one in people.absent_with_reason %}{{ one.name }}: {{ one.reason }}{% if not loop.last %}; {% endif %}"
        "{% endfor %}){% endif %}.",
        "Vắng không có lý do: {{ people.absent_without_reason|length }}{% if people.absent_without_reason %} ("
        "{{ people.absent_without_reason|map(attribute='name')|join(', ') }}){% endif %}.",
        "{%p if people.exempt_present %}",
        "Đảng viên được miễn sinh hoạt có dự: {{ people.exempt_present|join(', ') }}.",
        "{%p endif %}",
        "Khách mời, đại diện cấp trên: {{ people.guests }}{% if people.guest_list %} ("
        "{{ people.guest_list|join('; ') }}){% endif %}.",
        "Chủ trì: đồng chí {{ chair }}. Người ghi biên bản: đồng chí {{ secretary }}.",
        "{%p if fees %}",
        "Đảng phí: đã đóng {{ fees.paid }}, chưa đóng {{ fees.owing }}, được miễn {{ fees.exempt }}.",
        "{%p endif %}",
    )
    part(paper, "II. NỘI DUNG")
    body(paper, "{%p for section in sections %}")
    sub(paper, "{{ loop.index }}. {{ section.heading }}")
    each(paper, "section.text")
    body(paper, "{%p endfor %}")
    for heading, name in (
        ("Ý kiến phát biểu", "opinions"),
        ("Tự phê bình và phê bình của đảng viên", "self_criticisms"),
    ):
        body(paper, f"{{%p if {name} %}}")
        sub(paper, heading)
        body(paper, f"{{%p for one in {name} %}}")
        named(paper, "Đồng chí {{ one.name }}: ")
        body(paper, "{%p endfor %}", "{%p endif %}")
    part(paper, "III. KẾT LUẬN CỦA CHỦ TRÌ")
    conclusions(paper, "{{ one.item }}: ")
    body(paper, "{%p if resolution or questions %}")
    part(paper, "{{ numerals.votes }} NGHỊ QUYẾT VÀ BIỂU QUYẾT")
    body(paper, "{%p if resolution %}")
    each(paper, "resolution.text")
    counted(paper, "resolution")
    body(paper, "{%p endif %}", "{%p for one in questions %}")
    sub(paper, "{{ one.title }}")
    counted(paper, "one")
    body(paper, "{%p endfor %}", "{%p endif %}", "{%p if tasks or carried %}")
    part(paper, "{{ numerals.tasks }} NHIỆM VỤ GIAO CHO ĐẢNG VIÊN")
    body(paper, "{%p endif %}", "{%p if tasks %}")
    tasks(paper)
    body(paper, "{%p endif %}")
    carried(paper)
    body(paper, "{%p if score %}")
    part(paper, "{{ numerals.score }} CHI BỘ TỰ CHẤM ĐIỂM")
    scores(paper)
    body(
        paper,
        "Tổng điểm: {{ score.total }}{% if score.grade %}; xếp loại: {{ score.grade }}{% endif %}.",
        "{%p endif %}",
        "{%p if not draft %}",
        "Biên bản được đọc lại, chi bộ nhất trí thông qua. Buổi sinh hoạt kết thúc vào hồi {{ meeting.ended }} cùng "
        "ngày.",
        "{%p endif %}",
    )
    return closed(paper, recipients=False)


def resolution() -> Paper:
    """Nghị quyết."""
    paper = begun()
    body(
        paper,
        "Tại buổi {{ meeting.kind }} {{ meeting.month }}, tổ chức {{ meeting.day }} tại {{ meeting.place }}, "
        "{{ branch_name }} đã thảo luận và quyết nghị:",
    )
    each(paper, "resolution.text")
    counted(paper, "resolution")
    body(paper, "{%p if tasks %}", "Chi bộ giao nhiệm vụ:")
    tasks(paper)
    body(paper, "{%p endif %}")
    carried(paper)
    body(
        paper,
        "Đảng viên trong chi bộ có trách nhiệm thực hiện Nghị quyết này; kết quả được kiểm điểm tại buổi sinh hoạt "
        "thường kỳ tháng sau.",
    )
    return closed(paper, recipients=True)


def conclusion_notice() -> Paper:
    """Thông báo kết luận."""
    paper = begun()
    body(
        paper,
        "{{ branch_name }} thông báo kết luận của chủ trì tại buổi {{ meeting.kind }} {{ meeting.month }}, tổ chức "
        "{{ meeting.day }} tại {{ meeting.place }}, như sau:",
    )
    conclusions(paper, "{{ loop.index }}. {{ one.item }}: ")
    body(paper, "{%p if tasks %}", "Nhiệm vụ giao cho đảng viên:")
    tasks(paper)
    body(paper, "{%p endif %}")
    carried(paper)
    return closed(paper, recipients=True)


def score_sheet() -> Paper:
    """Phiếu chấm điểm."""
    paper = begun()
    body(
        paper,
        "{{ branch_name }} tự chấm điểm buổi {{ meeting.kind }} {{ meeting.month }}, tổ chức {{ meeting.day }} tại "
        "{{ meeting.place }} (từ {{ meeting.began }} đến {{ meeting.ended }}, {{ meeting.lasted }}).",
        "{%p if score.source %}",
        "Khung điểm: {{ score.source }}.",
        "{%p endif %}",
    )
    scores(paper)
    body(paper, "Tổng điểm: {{ score.total }}{% if score.grade %}; chi bộ tự xếp loại: {{ score.grade }}{% endif %}.")
    return closed(paper, recipients=False)


TEMPLATES = {
    "minutes": minutes,
    "resolution": resolution,
    "conclusion_notice": conclusion_notice,
    "score_sheet": score_sheet,
}


def write(folder: Path) -> None:
    """Write every template into `folder`."""
    for name, make in TEMPLATES.items():
        make().save(str(folder / f"{name}.docx"))


if __name__ == "__main__":
    write(SHIPPED)
