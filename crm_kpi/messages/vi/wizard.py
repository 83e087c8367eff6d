"""What `init` asks of the files, the answers that it offers, and what it takes for granted,
in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    # which table, which column
    "wizard.which": "{what}; là cột nào?",
    "wizard.fits_several": "{path}: tên cột khớp nhiều bảng: {headers}; là bảng nào?",
    "wizard.give_table": "nói là bảng nào, như {option} {path}",
    "wizard.leave_out": "không bảng nào: bỏ qua tệp này",
    "wizard.cannot_be_split": "{path}: không tách được thành các cột của {table}",
    "wizard.numbered": "{header} (cột {number})",
    "wizard.can_both_be": "{path}: {headers} đều có thể là {column} của {table}; là cột nào?",
    "wizard.can_all_be_score": "{path}: {headers} đều có thể là score của surveys; là cột nào?",
    "wizard.say_column": "sources.{table}.columns.{column} để chọn",
    "wizard.same_headers": "{path}: không phân biệt được các tên cột: {headers}",
    "wizard.rename_headers": "đổi tên chúng trong tệp",
    "wizard.taken_header": "{column} là {header!r}, không phải {other!r}",
    "wizard.export_of": "đây là tệp xuất từ {title}",
    # which survey
    "wizard.which_survey": "{path}: điểm từ {low} đến {high} dưới cột {header!r}; là khảo sát nào?",
    "wizard.leave_open": "không khảo sát nào: để ngỏ",
    "wizard.survey_open": "nps, csat hay ces: cả tên cột lẫn điểm đều không cho biết",
    "wizard.survey_is": "survey là {survey}: {header!r}, điểm từ {low} đến {high}",
    # how dates and numbers are written
    "wizard.way": "{way}: {cells}",
    "wizard.cell_is": "{cell} là {value}",
    "wizard.cell_not_read": "không đọc được {cell}",
    "wizard.rows_not_read": "{cells} (không đọc được {number:,} dòng)",
    "wizard.declare_way": '{option}: {{{column}: "{first}"}} hoặc "{second}" để khai',
    "wizard.written": "{column} được viết kiểu {way}",
    # words that are not known
    "wizard.unknown_words": "{path}:{line}: cột {column}: {number:,} từ chưa rõ nghĩa: {words} …",
    "wizard.unknown_word": "{path}:{line}: cột {column}: {word!r} chưa rõ nghĩa; đó là gì?",
    "wizard.read_as_empty": "không phải các loại trên: coi như trống",
    "wizard.map_words": "sources.{table}.values: {{{column}: {{theirs: ours}}}} để đổi từ của họ "
    "sang từ của ta",
    "wizard.words_empty": "{column}: {number:,} từ được coi như trống",
    "wizard.word_empty": "{column}: coi như trống: {words}",
    "wizard.returns": "các dòng là trả hàng, theo tên tệp",
}
