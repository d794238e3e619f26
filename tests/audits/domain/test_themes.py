import pytest

from agencies.models import Partnership, User
from agencies.roles import Role
from audits.domain import themes as domain
from audits.domain.learning_themes_default import DEFAULT_LEARNING_THEMES
from audits.forms.theme import LearningThemeForm, ThemeForm
from audits.models import LearningTheme, Theme
from tests.factories import (
    AuditFactory,
    FindingFactory,
    GapHeadingFactory,
    LearningThemeFactory,
    PartnershipFactory,
    ThemeFactory,
    meeting_point,
    person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership() -> Partnership:
    made: Partnership = PartnershipFactory()
    return made


@pytest.fixture
def officer(partnership: Partnership) -> User:
    return person(Role.OFFICER, partnership)


def codes(partnership: Partnership) -> list[str]:
    return list(partnership.learning_themes.values_list("code", flat=True))


def test_a_theme_keeps_the_priority_it_comes_from(partnership: Partnership, officer: User) -> None:
    theme = domain.create_theme(
        partnership=partnership, by=officer, name="Neglect", priority="Seen and heard."
    )
    domain.update_theme(theme=theme, by=officer, active=False)
    kept = Theme.objects.get()
    assert (kept.name, kept.priority, kept.active) == ("Neglect", "Seen and heard.", False)


def test_the_default_list_has_sixteen_described_themes() -> None:
    assert [theme.code for theme in DEFAULT_LEARNING_THEMES] == [
        "voice-of-the-child",
        "information-sharing",
        "domestic-abuse",
        "section-47-and-risk",
        "early-help-and-thresholds",
        "records-and-chronologies",
        "policy-and-escalation",
        "professional-curiosity",
        "neglect-tools",
        "assessment-and-history",
        "supervision-and-oversight",
        "drift-and-delay",
        "fathers-and-wider-family",
        "core-groups-and-planning",
        "workforce",
        "health-and-education",
    ]
    assert all(theme.description.endswith(".") for theme in DEFAULT_LEARNING_THEMES)


def test_the_default_list_is_applied_once(partnership: Partnership, officer: User) -> None:
    LearningThemeFactory(partnership=partnership, code="workforce", position=4)
    assert domain.apply_default_learning_themes(partnership=partnership, by=officer) == 15
    assert domain.apply_default_learning_themes(partnership=partnership, by=None) == 0
    assert codes(partnership)[:2] == ["workforce", "voice-of-the-child"]
    assert len(codes(partnership)) == 16


def test_a_new_learning_theme_comes_last_with_a_code_of_its_own(
    partnership: Partnership, officer: User
) -> None:
    for _ in range(2):
        domain.create_learning_theme(
            partnership=partnership, by=officer, name="Transitions", description=""
        )
    assert codes(partnership) == ["transitions", "transitions-2"]


def test_moving_swaps_neighbours_and_stops_at_the_ends(
    partnership: Partnership, officer: User
) -> None:
    for position, code in enumerate("abc"):
        LearningThemeFactory(partnership=partnership, code=code, position=position)
    last = LearningTheme.objects.get(code="c")
    domain.move_learning_theme(theme=last, by=officer, up=True)
    assert codes(partnership) == ["a", "c", "b"]
    domain.move_learning_theme(theme=last, by=officer, up=True)
    domain.move_learning_theme(theme=last, by=officer, up=True)
    assert codes(partnership) == ["c", "a", "b"]
    domain.move_learning_theme(theme=last, by=officer, up=False)
    assert codes(partnership) == ["a", "c", "b"]


def test_one_that_nothing_is_coded_to_is_removed(partnership: Partnership, officer: User) -> None:
    theme = LearningThemeFactory(partnership=partnership)
    assert domain.remove_learning_theme(theme=theme, by=officer)
    assert not LearningTheme.objects.exists()


@pytest.mark.parametrize("coded", ["point", "finding", "heading"])
def test_one_that_is_used_is_retired(partnership: Partnership, officer: User, coded: str) -> None:
    theme = LearningThemeFactory(partnership=partnership)
    audit = AuditFactory(partnership=partnership)
    if coded == "point":
        meeting_point(audit, "The school spoke up.").learning_themes.add(theme)
    elif coded == "finding":
        FindingFactory(audit=audit).learning_themes.add(theme)
    else:
        GapHeadingFactory(audit=audit, learning_theme=theme)
    assert not domain.remove_learning_theme(theme=theme, by=officer)
    theme.refresh_from_db()
    assert not theme.active


def test_names_are_used_once_in_a_partnership(partnership: Partnership) -> None:
    theme = ThemeFactory(partnership=partnership, name="Neglect")
    learning = LearningThemeFactory(partnership=partnership, name="Workforce")
    ThemeFactory(name="Exploitation")
    assert ThemeForm({"name": "neglect"}, partnership=partnership).errors == {
        "name": ["There is a theme of this name already."]
    }
    assert ThemeForm({"name": "Exploitation"}, partnership=partnership).is_valid()
    assert ThemeForm({"name": "Neglect"}, partnership=partnership, theme=theme).is_valid()
    assert LearningThemeForm({"name": "workforce"}, partnership=partnership).errors == {
        "name": ["There is a learning theme of this name already."]
    }
    own = LearningThemeForm({"name": "Workforce"}, partnership=partnership, theme=learning)
    assert own.is_valid()
