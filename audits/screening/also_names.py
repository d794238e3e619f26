"""Names that mean something else too: what it takes to read one as a name differs by list.

The lists stand in data/also_names.list and say there what they hold.
"""

from audits.screening.listed import listed

FIRST = listed("also_names", "first")
WEAK = listed("also_names", "weak")
LAST = listed("also_names", "last")
COMMON = listed("also_names", "common")
PLACES = listed("also_names", "places")
