"""What `--watch` says, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    "watch.no_output": "--watch ghi lại một tệp nhiều lần, mà chưa có tệp nào",
    "watch.name_one": "-o report.html nêu tệp đó",
    "watch.stdin": "--watch: không thể đọc lại stdin",
    "watch.name_files": "nêu các tệp, hoặc một cấu hình có nêu",
    "watch.nothing": "--watch: không đọc tệp nào có thể thay đổi",
    "watch.written": "đã ghi lại {output}, vì {changed} đã thay đổi",
    "watch.waits": "đã ghi {output}; sẽ ghi lại khi một tệp thay đổi, cho đến khi bấm Ctrl-C",
}
