"""Identifiers made up at random, in the many ways in which people write them."""

from random import Random

from audits.screening.nhs_numbers import check_digit_holds

_AREAS = (
    "NN",
    "PE",
    "LE",
    "CV",
    "MK",
    "DN",
    "S",
    "LS",
    "M",
    "B",
    "SW",
    "W1",
    "EC1",
    "IP",
    "G",
    "EH",
)
_CODES = ("1632", "1604", "1733", "121 4", "20 7", "113 2", "161 9", "1536", "28 9")
_HOSTS = ("mailbox.example", "school.fenshire.example", "nhs.example.net", "post.example.co.uk")
_PEOPLE = ("j.smith", "amandak", "the_okafors", "kel-lee92", "r+jones", "mum.of.3", "d.o'hara")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_ABBREVIATIONS = frozenset(
    {"AM", "CC", "CD", "CE", "CP", "CR", "CS", "DC", "DS", "DV", "EC", "ED", "EH", "EP", "ER", "GP"}
    | {
        "HM",
        "HR",
        "LA",
        "LD",
        "LP",
        "MH",
        "MP",
        "MR",
        "MS",
        "PC",
        "PM",
        "PR",
        "PS",
        "RE",
        "SW",
        "TB",
    }
    | {
        "TV",
        "WC",
        "YP",
        "AP",
        "NB",
        "NR",
        "PP",
        "DP",
        "DD",
        "CT",
        "BP",
        "HT",
        "AS",
        "AT",
        "BA",
        "MA",
        "TA",
        "LA",
        "PA",
        "DA",
        "CA",
        "EA",
        "NA",
        "RA",
        "HA",
    }
)
_INWARD = "ABDEFGHJLNPQRSTUWXYZ"


def nhs(random: Random) -> str:
    while True:
        digits = f"{random.randint(4 * 10**9, 8 * 10**9 - 1)}"
        if check_digit_holds(digits):
            between = random.choice(("", " ", "-", "\u00a0"))
            return between.join((digits[:3], digits[3:6], digits[6:]))


def postcode(random: Random) -> str:
    area = random.choice(_AREAS)
    outward = f"{area}{random.randint(1, 19)}" if area.isalpha() else f"{area}{random.choice('AB')}"
    inward = f"{random.randint(0, 9)}{random.choice(_INWARD)}{random.choice(_INWARD)}"
    written = f"{outward}{random.choice((' ', ' ', ''))}{inward}"
    return random.choice((str.upper, str.upper, str.lower))(written)


def phone(random: Random) -> str:
    if random.random() < 0.5:
        tail = f"{random.randint(0, 999_999):06}"
        forms = ("07{}{}{}", "07{} {}{}", "07{} {} {}", "+447{}{}{}", "+44 7{} {}{}", "07{}-{}-{}")
        head = f"{random.randint(300, 999)}"
        return random.choice((*forms, "+44 (0)7{} {} {}")).format(head, tail[:3], tail[3:])
    code = random.choice(_CODES)
    rest = f"{random.randint(0, 10**9):09}"[: 10 - len(code.replace(" ", ""))]
    written = ("0{} {}", "(0{}) {}", "0{}{}", "+44 {} {}", "0044 {} {}")
    return random.choice(written).format(code, f"{rest[:3]} {rest[3:]}")


def email(random: Random) -> str:
    person, host = random.choice(_PEOPLE), random.choice(_HOSTS)
    return random.choice(("{}@{}", "{}@{}", "{}@{}", "{} @ {}", "{} [at] {}", "{}(at){}")).format(
        person, host
    )


def dob(random: Random) -> str:
    day, month, year = random.randint(1, 28), random.randint(1, 12), random.randint(1965, 2024)
    name = _MONTHS[month - 1]
    return random.choice(
        (
            f"{day:02}/{month:02}/{year}",
            f"{day}/{month}/{year % 100:02}",
            f"{day}.{month}.{year}",
            f"{day:02}-{month:02}-{year}",
            f"{year}-{month:02}-{day:02}",
            f"{day} {name} {year}",
            f"{day}{_ordinal(day)} {name} {year}",
            f"{day}{_ordinal(day)} of {name} {year}",
            f"{name} {day}, {year}",
            f"{day} {name[:3]} {year}",
            f"{day}-{name[:3]}-{year}",
            f"{day:02} / {month:02} / {year}",
        )
    )


def _ordinal(day: int) -> str:
    return "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def address(random: Random, street: str) -> str:
    number = f"{random.randint(1, 240)}{random.choice(('', '', '', 'a', 'B'))}"
    forms = (
        "{1} {0}",
        "{1} {0}",
        "{1}, {0}",
        "Flat {2}, {1} {0}",
        "No. {1} {0}",
        "flat {2} {1} {0}",
    )
    return random.choice(forms).format(street, number, random.randint(1, 40))


def initials(random: Random) -> str:
    """Never two letters that a reader in this field would take for something else."""
    first = last = "G"
    while first == last or first + last in _ABBREVIATIONS:
        first, last = random.choices("ABCDEFGHJKLMNPRSTWYZ", k=2)
    return random.choice(("{}.{}.", "{}. {}.", "{}.{}", "{}{}", "{}{}")).format(first, last)
