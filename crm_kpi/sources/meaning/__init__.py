"""What columns mean where a number depends on it: one file a question.

A question looks at headers, then at rows that are typed, and gives `Reading`s: what was taken,
how it was known (declared, proved, conventional, open), on what evidence, for how many rows. What
it takes it does to the rows by itself: it leaves some out, multiplies, fills, turns a sign; and
counts them. Of an open one it takes the first outcome all the same; `open_readings` refuses the
run afterwards, unless `limits.open_meaning` is `note`. So no question asks who runs it.

    question       what a question is (`Question`), and what it is handed: `BlockRows`, `JoinedRows`
    asking         all questions in their order (`ORDER`), asked for the loader
    column_words   the few words that a column holds
    open_readings  the error for what is left open
    words/         what words mean, in data files by language

They are asked in this order, and each is asked only what it has an answer to:

    headers      of each file, before anything is read: which columns it is about, what it maps
    of           of each block (files that are read the same way): whether it has a question here
    before_cast  of the block's text, when `where:` and `exclude:` are done; plain columns are typed
    rows         of the block's typed rows, before `once:`; where memory is short, of some at a time
                 (`in_parts`)
    together     of the rows of all blocks, before they are judged by `checks.rules`
    readings     in the end: what was taken

Out of core, a question that has to see all rows refuses the table; in place, one that changes
rows does (`in_place`). `validate` and `init` load tables as `report` does, and list what is open.
The cache keeps readings as the account keeps them.
"""
