"""Names by dictionary: what the words beside a capital say."""

import pytest

from tests.audits.screening.found import found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Tegwen was at home.", ["Tegwen"]),
        ("We saw Tegwen's brother.", ["Tegwen"]),
        ("Both Tegwen and Iolana were seen.", ["Tegwen", "Iolana"]),
        ("Mrs Marlowe and Dr. Brown replied.", ["Marlowe", "Brown"]),
        ("PC Baker attended.", ["Baker"]),
        ("The Marlowe family; the Baker children", ["Marlowe", "Baker"]),
        ("Abdul-Rahman al-Hassan spoke.", ["Abdul-Rahman al-Hassan"]),
        ("We met Tegwen Baker and Rose Hill.", ["Tegwen Baker", "Rose Hill"]),
        ("J. Marlowe signed.", ["J. Marlowe"]),
        ("A letter from O'Shea.", ["O'Shea"]),
        ("McAllister said so.", ["McAllister"]),
        ("Her sister Winsome was ill.", ["Winsome"]),
        ("A boy called hamza was there.", ["hamza"]),
        ("It was kayleigh who spoke.", ["kayleigh"]),
        ("JASON told us.", ["JASON"]),
        ("NOBODY ASKED TEGWEN WHAT SHE WANTED", ["TEGWEN"]),
        ("The school told Grace to wait.", ["Grace"]),
        ("We asked Hope about May and with April.", ["Hope", "May", "April"]),
        ("Rose said so. Rose's mother did not.", ["Rose", "Rose"]),
        ("Rose Baker was seen.", ["Rose Baker"]),
        ("We asked Chelsea and Paris.", ["Chelsea", "Paris"]),
        ("Preston told the nurse.", ["Preston"]),
        ("Sibling: Mark, aged 4", ["Mark"]),
        ("Heaven-Leigh was seen.", ["Heaven-Leigh"]),
        ("Tegwen (7) and Jac (4)", ["Tegwen", "Jac"]),
        ("Dad - Ricky Marlowe - rang", ["Ricky Marlowe"]),
        ("Hunter's dad rang. Will's teacher did not.", ["Hunter", "Will"]),
        ("When Destiny came home she was ill.", ["Destiny"]),
        ("tegwen's mum is aware", ["tegwen"]),
        ("Nothing was known of Heaven-Leigh.", ["Heaven-Leigh"]),
        ("It seems Hope Marlowe was there.", ["Hope Marlowe"]),
        ("Hope said so, and, Hope said, twice.", ["Hope", "Hope"]),
        ("We felt that Vintner was tired.", ["Vintner"]),
        ("In Preston's bedroom; from Preston's mother", ["Preston", "Preston"]),
        ("Sam and Alex and Charlie and Jamie.", ["Sam", "Alex", "Charlie", "Jamie"]),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert found(text, "name") == names


@pytest.mark.parametrize(
    "text",
    [
        "Will the plan change? May was hard. Mark schemes were agreed.",
        "In May and June, on Sunday, at Easter and in the Summer term",
        "The Social Worker told Mother and the Health Visitor told Father.",
        "MASH, CSC, ICPC, LADO and CAMHS were asked; the SENCOs and the PPNs too.",
        "They moved from Wolverhampton to Northampton and to Norfolk by way of Fenshire.",
        "He came from Eritrea and speaks Tigrinya; she is Romanian.",
        "In Chelsea and in Preston, near Reading town centre",
        "Willowbrook Primary School, Elmhurst Surgery and St Bede's replied.",
        "Gillick competence, the Fraser guidelines and Clare's Law",
        "VOICE OF THE CHILD AND OF THE FAMILY\nEarly Help Hope Project\nand then nothing",
        "The Hope Project and the Grace Academy; We went to Rose Cottage School.",
        "Early Help And Hope For Families In Their Homes",
        "The Youth Justice Board and Honour Based Abuse",
        "WhatsApp, TikTok, SystmOne, RiO and Liquidlogic",
        "Graded Red, then Amber, then Green. Operation Stonegarth went on.",
        "Bail was breached at Christmas and on Good Friday.",
        "The Grace period, the Rose garden and a Mark scheme",
        "Re-referrals, Tri-borough work and Pre-birth guidance",
        "THE PLAN WAS NOT REVIEWED FOR SEVEN MONTHS",
        "Signs of Safety will help. The Voice of the Child was heard.",
    ],
)
def test_no_names(text: str) -> None:
    assert found(text, "name") == []
