"""What `init` asks of the files, the answers that it offers, and what it takes for granted."""

TEXTS: dict[str, str | dict[str, str]] = {
    # which table, which column
    "wizard.which": "{what}; which is it?",
    "wizard.fits_several": "{path}: its headers fit several tables: {headers}; which is it?",
    "wizard.give_table": "say which, as in {option} {path}",
    "wizard.leave_out": "none of them: leave this file out",
    "wizard.cannot_be_split": "{path}: cannot be split into columns as {table}",
    "wizard.numbered": "{header} (column {number})",
    "wizard.can_both_be": "{path}: {headers} can both be {column} of {table}; which is it?",
    "wizard.can_all_be_score": "{path}: {headers} can all be score of surveys; which is it?",
    "wizard.say_column": "sources.{table}.columns.{column} says which",
    "wizard.same_headers": "{path}: its headers cannot be told apart: {headers}",
    "wizard.rename_headers": "rename them in the file",
    "wizard.taken_header": "{column} is {header!r}, not {other!r}",
    "wizard.returns": "its rows are refunds, as the file is called",
    "wizard.export_of": "it is an export of {title}",
    # which survey
    "wizard.which_survey": "{path}: scores from {low} to {high} under {header!r}; which survey is "
    "it?",
    "wizard.leave_open": "none of them: leave it open",
    "wizard.survey_open": "nps, csat or ces: neither the header nor the scores tell",
    "wizard.survey_is": "survey is {survey}: {header!r}, scores from {low} to {high}",
    # how dates and numbers are written
    "wizard.way": "{way}: {cells}",
    "wizard.cell_is": "{cell} is {value}",
    "wizard.cell_not_read": "{cell} is not read",
    "wizard.rows_not_read": "{cells} ({number:,} rows are not read)",
    "wizard.declare_way": '{option}: {{{column}: "{first}"}} or "{second}" declares it',
    "wizard.written": "{column} is written {way}",
    # words that are not known
    "wizard.unknown_words": "{path}:{line}: column {column}: {number:,} words are not known: "
    "{words} …",
    "wizard.unknown_word": "{path}:{line}: column {column}: {word!r} is not known; what is it?",
    "wizard.read_as_empty": "none of them: read it as empty",
    "wizard.map_words": "sources.{table}.values: {{{column}: {{theirs: ours}}}} maps what is known",
    "wizard.words_empty": "{column}: {number:,} words read as empty",
    "wizard.word_empty": "{column}: read as empty: {words}",
}
