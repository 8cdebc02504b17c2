"""Events that carry more: codes of themes, the rule of duration; what is kept is queued to be published again."""

from alembic import op

from shared.migrations import enter_rules

revision = "0005"
down_revision = "0004"

_HOUSE = ("Nền nếp", "giá trị ban đầu của hệ thống")
_CENTRAL = "Ban Tổ chức Trung ương"
_DURATION = {"kinds": ["regular", "thematic"], "least_minutes": 90, "longer_minutes": 120, "large_from": 30}
_DURATION_NOTE = (
    "90 phút; 120 phút khi kết hợp sinh hoạt chuyên đề hoặc chi bộ có từ 30 đảng viên. Số đảng viên tính theo số người "
    "phải dự buổi họp."
)
_TAGS = {
    "ho_chi_minh_study": "Học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh",
    "party_building": "Xây dựng Đảng và hệ thống chính trị",
    "ideology": "Chính trị, tư tưởng; bảo vệ nền tảng tư tưởng của Đảng",
    "inspection_discipline": "Kiểm tra, giám sát, kỷ luật; phòng, chống tham nhũng, lãng phí, tiêu cực",
    "economy": "Phát triển kinh tế",
    "new_countryside": "Xây dựng nông thôn mới, đô thị văn minh",
    "culture_society": "Văn hoá, giáo dục, y tế, an sinh xã hội",
    "defence_security": "Quốc phòng, an ninh, trật tự",
    "mass_mobilisation": "Dân vận, Mặt trận và các đoàn thể; tôn giáo, dân tộc",
    "digital_transformation": "Khoa học, công nghệ và chuyển đổi số",
    "professional_work": "Nhiệm vụ chuyên môn của cơ quan, đơn vị",
    "other": "Nội dung khác",
}
_RULES = [
    ("duration", "2018-07-06", "2025-10-28", _DURATION, _CENTRAL, "Hướng dẫn 12-HD/BTCTW ngày 06/7/2018",
     _DURATION_NOTE),
    ("duration", "2025-10-28", None, _DURATION, _CENTRAL, "Hướng dẫn 42-HD/BTCTW ngày 28/10/2025", _DURATION_NOTE),
    ("theme_tags", "2011-01-19", None, _TAGS, *_HOUSE, "Mã chuyên đề để thống kê; tỉnh tự đặt."),
]  # fmt: skip


def upgrade() -> None:
    op.execute("alter table meeting add column tag text")
    op.execute("alter table topic add column tag text")
    op.execute(
        "create table publish_queue (meeting_id uuid primary key, queued_at timestamptz not null default now()); "
        "comment on table publish_queue is 'meetings that the worker is to publish again as their next version'; "
        "insert into publish_queue (meeting_id) select meeting_id from meeting where status = 'adopted'"
    )
    enter_rules(op.get_bind(), _RULES)


def downgrade() -> None:
    op.execute("delete from rule where name in ('duration', 'theme_tags')")
    op.execute("drop table publish_queue")
    op.execute("alter table topic drop column tag")
    op.execute("alter table meeting drop column tag")
