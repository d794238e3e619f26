"""Two made-up documents that use every part of the content, for the tests of printing."""

from datetime import date

from reports.documents.content import (
    Action,
    Annex,
    Audience,
    Briefing,
    EarlierAudit,
    Fact,
    FigureRow,
    GradeChange,
    Grades,
    Group,
    Imprint,
    Item,
    OverallGrade,
    Question,
    QuestionAnswers,
    SummaryReport,
    Tally,
    ThemePoints,
    prose,
)

NEGLECT = EarlierAudit(code="2025-neglect", title="Neglect")
ANSWERS = ("Yes", "Partly", "No", "Not applicable", "Not recorded")

DRAFT = Imprint(
    partnership="Fenshire Safeguarding Children Partnership",
    child_noun="child",
    title="Referrals into the front door",
    theme="Referrals",
    extraordinary=True,
    audience=Audience.BOARD,
    dated=date(2026, 5, 3),
)
PUBLISHED = Imprint(
    partnership="Fenshire Safeguarding Children Partnership",
    child_noun="child",
    title="Neglect, a second look",
    theme="Neglect",
    extraordinary=False,
    audience=Audience.PUBLIC,
    dated=date(2026, 9, 14),
    version=2,
    approved_by="Morwenna Ash, chair of the QA sub-group",
)

ANNEX = Annex(
    figures=(
        FigureRow(measure="Met good", agency="Police", numerator=48, denominator=56, unit="cases"),
        FigureRow(
            measure="Contributors who replied",
            agency="Health commissioner",
            numerator=31,
            unit="GP practices",
            stated_by="the designated nurse",
        ),
    ),
    grades=Grades(
        scale=("Outstanding", "Good", "Requires improvement", "Inadequate"),
        good_levels=2,
        tallies=(
            Tally(name="Police", counts=(9, 39, 6, 2)),
            Tally(name="Youth offending", counts=(1, 3, 0, 0)),
        ),
        ungraded=("The acute hospital gave no grades.",),
    ),
    questions=(
        QuestionAnswers(
            number=1,
            text="Was the agency part of the decision?",
            answers=ANSWERS,
            tallies=(
                Tally(name="Police", counts=(30, 12, 10, 2, 2)),
                Tally(name="Community health", counts=(44, 6, 7, 3, 0)),
            ),
        ),
    ),
    theme_points=ThemePoints(
        kinds=("Went well", "Can be improved", "Challenge or theme"),
        tallies=(
            Tally(name="Voice of the child", counts=(6, 14, 5)),
            Tally(name="Information sharing", counts=(9, 12, 7)),
        ),
    ),
    grade_changes=(
        GradeChange(
            case="Case 14",
            agency="Police",
            own="Good",
            agreed="Requires improvement",
            reason="The strategy discussion was not on the file",
        ),
    ),
    overall_grades=(OverallGrade(case="Case 2", grade="Good", reason="Swift and joined up"),),
    in_words=("Early help saw many good cases and gave no number.",),
)

REPORT = SummaryReport(
    imprint=DRAFT,
    meeting_on=date(2026, 4, 11),
    facts=(
        Fact(value="60", label="cases in the sample"),
        Fact(value="9", label="agencies took part"),
    ),
    background=prose("The police asked for this audit.\n\n- sixty referrals\n- one year"),
    methodology=prose("Every agency audited the cases it knew."),
    findings=(
        Item(text="Referrals say little about the daily life of the child"),
        Item(
            text="Some themes were seen before:",
            items=(
                Item(text="Chronologies have gaps", seen_before=(NEGLECT,)),
                Item(text="Fathers are not asked", seen_before=(NEGLECT,)),
            ),
        ),
    ),
    working_well=(
        Group(
            heading="Police",
            items=(Item(text="48 of 56 cases met good (Police)", agencies=("Police",)),),
        ),
        Group(items=(Item(text="Notices reach schools by nine", agencies=("Education",)),)),
    ),
    worries=(Group(items=(Item(text="Challenge is rare", for_scrutiny=True),)),),
    gaps=(
        Group(
            heading="Policy and escalation",
            items=(Item(text="The policy is not used"), Item(text="The pathway is new")),
        ),
        Group(heading="Voice of the child", items=(Item(text="Babies are not observed"),)),
    ),
    next_steps=(Item(text="The sub-group takes the gaps forward"),),
    actions=(
        Action(
            text="Brief every team on the policy",
            owner="QA sub-group",
            due=date(2026, 9, 28),
            success="half of all challenges end at the first step",
            answers=("3.4.1 a",),
        ),
        Action(text="Write a guide for practices"),
    ),
    thanks=prose("The partnership thanks everyone who took part."),
    annex=ANNEX,
)

BRIEFING = Briefing(
    imprint=PUBLISHED,
    theme_and_cases=prose("The theme is a priority of the board.\n\n- Members nominate"),
    process=prose("Each agency answered these questions:"),
    questions=(
        Question(number=1, text="Has the neglect tool been used?"),
        Question(number=2, text="Were its findings reviewed?", follows=1, when="if yes"),
        Question(number=3, text="What has worked well with this case?"),
    ),
    meeting=prose("The meeting asked three questions of each case:"),
    meeting_questions=("What went well?", "What can be improved?", "What runs through?"),
    went_well=(
        Group(heading="Case 1", items=(Item(text="School noticed early"),)),
        Group(heading="Case 2", items=()),
        Group(heading="Case 3", items=(Item(text="The plan moved on"),)),
    ),
    can_improve=(Group(heading="Case 3", items=(Item(text="The chronology stops in May"),)),),
    challenges=(),
    good_practice=(Item(text="Nurseries hold the picture"),),
)
