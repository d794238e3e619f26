"""Words that tell what the word beside them is. What each list is for stands in data/cues.list."""

from audits.screening.listed import listed

TITLES = listed("cues", "titles")
LOOSE_TITLES = listed("cues", "loose_titles")
SAYING = listed("cues", "saying")
DOING = listed("cues", "doing")
SPEAKING = SAYING | DOING
CERTAINLY_DOING = SPEAKING - listed("cues", "loose_doing")
FAMILY = listed("cues", "family")
BEFORE_PERSON = FAMILY - listed("cues", "households")
CALLED = listed("cues", "called")
TO_PERSON = listed("cues", "to_person")
DETERMINERS = listed("cues", "determiners")
AT_PLACE = listed("cues", "at_place")
MONTH_BEFORE = listed("cues", "month_before")
MONTHS = listed("cues", "months")
PLACE_NOUNS = listed("cues", "place_nouns")
ORGANISATION_NOUNS = listed("cues", "organisation_nouns") | PLACE_NOUNS
ORGANISATIONS = listed("cues", "organisations")
PARTICLES = listed("cues", "particles")
PREFIXES = listed("cues", "prefixes")
LABELS = listed("cues", "labels")
EVERYDAY = listed("cues", "everyday")
ROLES = listed("cues", "roles")
RATINGS = listed("cues", "ratings")
