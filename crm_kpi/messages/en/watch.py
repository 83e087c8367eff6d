"""What `--watch` says."""

TEXTS: dict[str, str | dict[str, str]] = {
    "watch.no_output": "--watch writes a file again and again, and there is none",
    "watch.name_one": "-o report.html names it",
    "watch.stdin": "--watch: stdin cannot be read again",
    "watch.name_files": "name files, or a config that does",
    "watch.nothing": "--watch: no file is read that could change",
    "watch.written": "{output} is written anew, as {changed} has changed",
    "watch.waits": "{output} is written; it is written anew when a file changes, until Ctrl-C",
}
