"""What may leave the house: every number by one rule, and an attacker who tries to learn more.

The promise: of a count of 1 to 9 people nobody learns more than that it lies between 1 and 9; no account
can be told from another; no value of a private column stands in any file.

- `rule`: what is shown of one number;
- `table`: a whole table by the types of its columns;
- `rows`: no table whose rows are single accounts;
- `bins`: neighbouring bins of a series joined until each holds nobody or ten;
- `quantities`: what is said of each number to the auditor and the ledger;
- `scan`, `readings`: the last look at every byte of a folder before it is published;
- `personal`: telephone numbers, addresses and the like in a text that may be shown.
"""

from kit.disclosure.bins import joined
from kit.disclosure.quantities import Quantity
from kit.disclosure.rule import STEP
from kit.disclosure.table import PEOPLE, Bounds, Protected, protect, protect_fact

__all__ = ["PEOPLE", "STEP", "Bounds", "Protected", "Quantity", "joined", "protect", "protect_fact"]
