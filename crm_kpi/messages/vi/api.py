"""What the door for Python says, beside what the command line says too, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    "api.no_table": "không có bảng {table!r}",
    "api.not_in_answer": "{name} không có trong kết quả này",
    "api.no_segment": "{metric} không có phân khúc {segment}",
    "api.no_period": "{metric} không có kỳ {period}",
    "api.periods_are": "hiện có {periods}",
}
