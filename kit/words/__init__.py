"""What a reader may see of a column, a term, a unit or a number: its only home.

Two tables hold the words. Both are English, the source of the catalogues; every function here answers in
the language in use, and depends on nothing but what it is given. A label that only writes spaces for `_` is
left empty.

`columns.csv`: a row for each column of every metric, named `column`, or `metric.column` where one metric
means something else by it (`burst_share.n`); the narrower row goes first.

* `unit`: how the values are written and measured. Numbers: count, number, share (0 to 1), percent, p, ratio,
  days, hours, seconds, hour (of the day). Else: date, time (UTC), yes or no, word (of the kit, in
  `terms.csv`), sentence (of the kit, in the catalogues), group, platform, language (a code, said by its
  name), id, text (the data's own).
* `counts`: what is counted, in the words of the terms that are `counted`. Of a share it is what both its
  parts count, of a mean or an expected number what it is a mean of. Those that *are* people are accounts,
  people (persons and bodies of the roster) and targets (accounts addressed); account hours and uses of texts
  are accounts again, once for each hour and each text. What begins with "simulated" is nobody's. Empty where
  nothing is counted.
* `role`: key (what the row is about), group, category and class (by what rows are told apart), setting (with
  what it was computed), count, size (of how many the estimate is), share (one count of another, so that the
  one gives the other away; a mean of shares is a measure), estimate, low and high (ends of an interval),
  measure (any other number), p, date, verdict (what follows), text.
* `of`: of a count, the set that it is part of: a column of the same row, or the name of a quantity; of a
  share, the column that is its numerator.
* `id`: the name of the quantity, where it stands in other tables too: what is counted | population | condition,
  with columns of the row in braces, such as `accounts|{group}|posting`. By default it is made of the table,
  the column and the row's keys.

A `*` is filled in by the metric, which says `unit` (of estimate, low, high) and `n_unit` (what `n` counts); a
table of facts says a unit in each row. These units are terms.

`terms.csv`: words of the kit that stand in tables (role word, group, verdict), names of settings, units, what
can be counted, what an inclusion rule can select on (property), and facts. `unit` and `counts` say of a unit
how it is written and what it counts, and of a setting how it is written. One name has one label, whatever its
role; facts are called by their ids and stand for themselves.

How a value is written is its `kind`: share, p, count, number, date, year, word, sentence, group, platform, language,
text.
"""

from kit.words.rows import (
    COLUMNS,
    DECLARED,
    FACTS,
    TERMS,
    Column,
    capital,
    column,
    counts,
    group,
    is_term,
    kind,
    label,
    measured,
    ranges,
    setting_kind,
    term,
    unit,
    unit_counts,
)
from kit.words.written import (
    amount,
    bare,
    dated,
    instead,
    is_number,
    language,
    points,
    quantity,
    said,
    unit_of,
    value_of,
    written,
)

__all__ = [
    "COLUMNS",
    "DECLARED",
    "FACTS",
    "TERMS",
    "Column",
    "amount",
    "bare",
    "capital",
    "column",
    "counts",
    "dated",
    "group",
    "instead",
    "is_number",
    "is_term",
    "kind",
    "label",
    "language",
    "measured",
    "points",
    "quantity",
    "ranges",
    "said",
    "setting_kind",
    "term",
    "unit",
    "unit_counts",
    "unit_of",
    "value_of",
    "written",
]
