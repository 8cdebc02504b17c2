"""Sentences for the minutes of a rehearsal. None of them names a person."""

from typing import Final

SECTIONS: Final[dict[str, tuple[str, ...]]] = {
    "opening": (
        "Chi uỷ thông báo lý do, thành phần, chương trình; chi bộ thống nhất chương trình.",
        "Đồng chí chủ trì kiểm diện, thông qua chương trình, cử thư ký cuộc họp.",
    ),
    "last_month_results": (
        "Đã hoàn thành {done} trên {all} chỉ tiêu của nghị quyết tháng trước; đảng phí thu đủ.",
        "Nghị quyết tháng trước đạt {done}/{all} việc; việc làm đường liên thôn còn chậm.",
    ),
    "next_month_direction": (
        "Vận động hộ dân chăm sóc {all} ha cây trồng, giữ an ninh trật tự, thăm gia đình chính sách.",
        "Tiếp tục chuyển đổi số, làm vệ sinh môi trường, theo dõi {all} hộ có nguy cơ tái nghèo.",
    ),
    "discussion": (
        "Các ý kiến tập trung vào tiến độ công việc, quản lý đảng viên và nguồn kết nạp.",
        "Thảo luận về thu ngân sách, xây dựng nông thôn mới và sinh hoạt của đoàn thể.",
    ),
    "self_criticism": (
        "Hai đồng chí tự phê bình về việc dự họp muộn; chi bộ góp ý thẳng thắn.",
        "Chi uỷ nhận khuyết điểm về chuẩn bị tài liệu chậm; chi bộ biểu dương tổ công tác.",
    ),
    "ideology": (
        "Tư tưởng đảng viên ổn định; dư luận quan tâm giá nông sản và đường giao thông.",
        "Nhân dân đồng tình với chủ trương sắp xếp bộ máy; cần tuyên truyền thêm về thủ tục.",
    ),
    "conclusion": (
        "Chủ trì kết luận: giao việc cho từng đồng chí, hạn trong tháng tới, báo cáo tại kỳ họp sau.",
        "Kết luận: thống nhất {all} việc trọng tâm, phân công người phụ trách và thời hạn.",
    ),
}
OPINIONS: Final = (
    "Đề nghị phân công cụ thể người theo dõi từng hộ.",
    "Nhất trí với dự thảo; cần nêu rõ thời hạn.",
    "Đề nghị công khai thu chi quỹ của thôn.",
    "Đề nghị mời đoàn thanh niên cùng làm đường hoa.",
    "Cần quan tâm đảng viên trẻ đi làm xa.",
)
SHORT: Final = "Thống nhất như các ý kiến đã nêu."
RESOLUTIONS: Final = (
    "Chi bộ quyết nghị thực hiện các việc đã kết luận, giao chi uỷ đôn đốc.",
    "Chi bộ thông qua nghị quyết tháng, giao nhiệm vụ cho đảng viên có tên trong biên bản.",
)
TASKS: Final = (
    "Vận động hộ dân tham gia bảo hiểm y tế",
    "Hướng dẫn hộ dân làm hồ sơ trực tuyến",
    "Theo dõi, giúp đỡ quần chúng ưu tú",
    "Kiểm tra tuyến mương, báo cáo chi uỷ",
    "Tuyên truyền phòng chống cháy rừng",
    "Phối hợp rà soát hộ nghèo",
)
THEMES: Final = (
    "Học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh về nêu gương",
    "Nâng cao chất lượng sinh hoạt chi bộ",
    "Chuyển đổi số trong công tác đảng",
    "Bảo vệ rừng và phát triển sinh kế",
)
ABSENCES: Final = ("Đi công tác", "Ốm", "Việc gia đình", "Đi học tập trung", "Làm ca")
NOT_HELD: Final = (
    "Mưa lũ chia cắt, không tập trung được đảng viên",
    "Phần lớn đảng viên đi làm nhiệm vụ diễn tập",
    "Bí thư ốm nặng, chưa có người được phân công chủ trì",
)
CORRECTIONS: Final = (
    "Ghi sót ý kiến khi chép biên bản từ sổ tay",
    "Điểm danh nhầm một đồng chí đến muộn",
    "Cấp trên yêu cầu bổ sung kết luận của chủ trì",
    "Đối chiếu lại bảng chấm điểm",
)
CALL: Final = "Sinh hoạt thường kỳ; nghiên cứu trước gợi ý thảo luận."
DOCUMENT: Final = "Gợi ý thảo luận"
PUT_OFF: Final = "Nhà văn hoá có đám tang, lui một ngày"
PLACES: Final = ("Nhà văn hoá", "Hội trường", "Phòng họp cơ quan", "Nhà sinh hoạt cộng đồng")
