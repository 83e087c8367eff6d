"""Chỉ số của người khác sai ở đâu."""

TEXTS: dict[str, str | dict[str, str]] = {
    "plugins.mend": "đây là tệp của người khác: sửa nó, hoặc bỏ ra",
    "plugins.no_module": "{package} nêu mô-đun {module} nhưng không có mô-đun này",
    "plugins.uninstall": "pip uninstall {package}",
    "plugins.no_python": "{path}:{line}: không phải Python",
    "plugins.name_taken": "{origin}: {other} đã có chỉ số {name}",
    "plugins.no_id": "{name} không phải tên chỉ số: chỉ gồm chữ thường không dấu, chữ số và _",
    "plugins.no_kpi": "cần gán giá trị cho một trong {constants}",
    "plugins.no_domain": "không có nhóm {domain}; có {domains}",
    "plugins.no_title": "cần mở đầu bằng dòng mô tả, `Tên: chỉ số là gì.`",
}
