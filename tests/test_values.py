"""Values: each date as precise as its text, each number canonical, each list cut where it is safe, each tag
well-formed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal

from lodkit.extract.values import (
    DATE,
    DECIMAL,
    EDTF,
    INTEGER,
    YEAR,
    YEAR_MONTH,
    Value,
    find_dates,
    language_tag,
    parse_date,
    parse_number,
    split_list,
)
from lodkit.statement import Span

SHARED = Path(__file__).parents[2] / "shared" / "articles"
_NAMES = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
MONTHS = {form: number for number, name in enumerate(_NAMES, 1) for form in (name, name[:3])}


@cache
def check_edtf(lexical: str) -> None:
    edtf = pytest.importorskip("edtf")
    edtf.parse_edtf(lexical)
    rest = lexical.removeprefix("../")  # the package parses an open start, but cannot print it
    assert str(edtf.parse_edtf(rest)) == rest


def check_lexical(value: Value) -> None:
    """Every lexical form is a day of the calendar or an EDTF that its parser takes; what has none has a
    reason.
    """
    if value.lexical is None:
        assert value.reason
        return
    assert not value.reason
    if value.datatype == EDTF:
        check_edtf(value.lexical)
        return
    shape = {DATE: r"(-?\d{4})-(\d\d)-(\d\d)", YEAR_MONTH: r"(-?\d{4})-(\d\d)", YEAR: r"(-?\d{4})"}[
        value.datatype
    ]
    match = re.fullmatch(shape, value.lexical)
    assert match
    year, month, day = (*(int(part) for part in match.groups()), 1, 1)[:3]
    assert 1 <= month <= 12
    # The Gregorian calendar repeats every 400 years, and monthrange takes no year below 1.
    assert 1 <= day <= monthrange(year % 400 + 400, month)[1]


DATES = [
    ("9 November 1976", "1976-11-09", DATE),
    ("November 9, 1976", "1976-11-09", DATE),
    ("November 9 1976", "1976-11-09", DATE),
    ("9th of November, 1976", "1976-11-09", DATE),
    ("Nov. 9, 1976", "1976-11-09", DATE),
    ("09 NOVEMBER 1976", "1976-11-09", DATE),
    ("1976-11-09", "1976-11-09", DATE),
    ("29 February 2000", "2000-02-29", DATE),
    ("15 March 44 BC", "-0043-03-15", DATE),
    ("October 1890", "1890-10", YEAR_MONTH),
    ("October, 1890", "1890-10", YEAR_MONTH),
    ("October of 1890", "1890-10", YEAR_MONTH),
    ("1996", "1996", YEAR),
    ("44 BC", "-0043", YEAR),
    ("1 BCE", "0000", YEAR),
    ("AD 79", "0079", YEAR),
    ("79 AD", "0079", YEAR),
    ("1000 CE", "1000", YEAR),
    ("1990s", "199X", EDTF),
    ("1980's", "198X", EDTF),
    ("2000s", "200X", EDTF),
    ("1900s", "19XX", EDTF),
    ("20th century", "19XX", EDTF),
    ("19th-century", "18XX", EDTF),
    ("5th century BC", "-04XX", EDTF),
    ("c. 1996", "1996~", EDTF),
    ("circa 1996", "1996~", EDTF),
    ("around October 1890", "1890-10~", EDTF),
    ("c. 500 BC", "-0499~", EDTF),
    ("1948–56", "1948/1956", EDTF),
    ("1998/99", "1998/1999", EDTF),
    ("1948-1956", "1948/1956", EDTF),
    ("1948 – 1956", "1948/1956", EDTF),
    ("1948 to 1956", "1948/1956", EDTF),
    ("from 1948 to 1956", "1948/1956", EDTF),
    ("From 1948 until 1956", "1948/1956", EDTF),
    ("between 1931 and 1940", "1931/1940", EDTF),
    ("c. 1948–1956", "1948~/1956", EDTF),
    ("44–30 BC", "-0043/-0029", EDTF),
    ("September 1996 – December 2001", "1996-09/2001-12", EDTF),
    ("3 April 1885 – 28 December 1981", "1885-04-03/1981-12-28", EDTF),
    ("30–31 December 1917", "1917-12-30/1917-12-31", EDTF),
    ("from 15 to 21 December 1948", "1948-12-15/1948-12-21", EDTF),
    ("5 May – 8 June 1990", "1990-05-05/1990-06-08", EDTF),
    ("May 5–10, 1990", "1990-05-05/1990-05-10", EDTF),
    ("May 5 – June 8, 1990", "1990-05-05/1990-06-08", EDTF),
    ("March/April 1993", "1993-03/1993-04", EDTF),
    ("May–June 1990", "1990-05/1990-06", EDTF),
    ("1986–present", "1986/..", EDTF),
    ("2008-Present", "2008/..", EDTF),
    ("1986 to the present", "1986/..", EDTF),
    ("until 1989", "../1989", EDTF),
    ("Until April 1989", "../1989-04", EDTF),
    ("before 1999", "../1999", EDTF),
    ("by 1999", "../1999", EDTF),
    ("since 1991", "1991/..", EDTF),
    ("after 1991", "1991/..", EDTF),
    ("since c. 1991", "1991~/..", EDTF),
    ("spring 1990", "1990-21", EDTF),
    ("summer of 1990", "1990-22", EDTF),
    ("autumn 1990", "1990-23", EDTF),
    ("winter of 1783", "1783-24", EDTF),
]


@pytest.mark.parametrize(("words", "lexical", "datatype"), DATES)
def test_dates_in_prose_and_rows(words: str, lexical: str, datatype: str) -> None:
    text = f"It met {words}, then it left."
    (value,) = find_dates(text, 0, len(text), MONTHS)
    assert (value.span.of(text), value.lexical, value.datatype) == (words, lexical, datatype)
    row = parse_date(words, MONTHS)
    assert row
    assert (row.lexical, row.datatype, row.note, row.span) == (lexical, datatype, "", Span(0, len(words)))
    for each in (value, *value.parts):
        check_lexical(each)


@pytest.mark.parametrize(
    ("words", "lexical", "note"),
    [
        ("early 1990s", "199X", "early"),
        ("mid-1980s", "198X", "mid"),
        ("late 1996", "1996", "late"),
        ("end of the 18th century", "17XX", "end of"),
        ("about the 1990s", "199X", "about"),
        ("between late 1996 and early 1997", "1996/1997", "late; early"),
    ],
)
def test_what_a_date_does_not_say_is_noted(words: str, lexical: str, note: str) -> None:
    (value,) = find_dates(words, 0, len(words), MONTHS)
    assert (value.lexical, value.note, value.span.of(words)) == (lexical, note, words)
    check_lexical(value)


@pytest.mark.parametrize(
    ("row", "lexical", "note"),
    [
        ("896", "0896", ""),
        ("7", "0007", ""),
        ("c. 896", "0896~", ""),
        ("3000", "3000", ""),
        ("07/2008", "2008-07", ""),
        ("2024–", "2024/..", ""),
        ("the 1990s", "199X", "the"),
        ("1978 (as Blue Lantern)", "1978", "(as Blue Lantern)"),
        ("16 May 1997 in Arvika, Norland", "1997-05-16", "in Arvika, Norland"),
        ("1892, as the Evening Lamp", "1892", "as the Evening Lamp"),
        ("start date and age 15 March 1939", "1939-03-15", "start date and age"),
        ("Established in 1992", "1992", "Established in"),
        ("1949 (1st) 4 November 1956 (2nd)", "1949", "(1st) 4 November 1956 (2nd)"),
    ],
)
def test_rows(row: str, lexical: str, note: str) -> None:
    value = parse_date(row, MONTHS)
    assert value
    assert (value.lexical, value.note) == (lexical, note)
    check_lexical(value)


@pytest.mark.parametrize(
    "words",
    [
        "30 February 1996",
        "31 April 1996",
        "29 February 1900",
        "February 30, 1996",
        "45 May 1990",
        "0 May 1990",
        "1996-02-30",
        "1996-13-01",
        "1956–1948",
    ],
)
def test_what_is_no_date_is_rejected(words: str) -> None:
    (value,) = find_dates(words, 0, len(words), MONTHS)
    assert value.lexical is None
    assert value.span.of(words) == words
    row = parse_date(words, MONTHS)
    assert row
    assert row.reason == value.reason != ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "1,500 members",
        "$1990",
        "№ 1976",
        "pre-1996",
        "Mi-1990",
        "1990-based",
        "1999-4893",
        "1091-2339",
        "12/05/1990",
        "19.05.1990",
        "0999",
        "3000",
        "12345",
        "1996%",
        "may 12",
        "May",
        "in March they left",
        "the 1960-80s",
        "37°1999′",
        "page 896",
    ],
)
def test_what_only_looks_like_a_date(text: str) -> None:
    assert find_dates(f"It is {text} now.", 0, len(text) + 6, MONTHS) == []


@pytest.mark.parametrize(
    "row",
    [
        "",
        "soon",
        "5, Holm street",
        "5 branches",
        "0",
        "0000",
        "12/05/1990",
        "to 1990 and 1991 too",
        "1 January 3000",
        "branches 5",
    ],
)
def test_rows_without_a_date(row: str) -> None:
    assert parse_date(row, MONTHS) is None


def test_a_word_before_a_date_can_be_read_by_the_caller() -> None:
    text = "active since 1991 and from 1948 to May 1956"
    since, interval = find_dates(text, 0, len(text), MONTHS)
    assert [(part.span.of(text), part.lexical) for part in since.parts] == [("1991", "1991")]
    assert [(part.span.of(text), part.lexical) for part in interval.parts] == [
        ("1948", "1948"),
        ("May 1956", "1956-05"),
    ]


def test_a_decade_begins_no_interval() -> None:
    text = "since the 1990s, from the 1970s to the 1980s"
    assert [(value.span.of(text), value.lexical) for value in find_dates(text, 0, len(text), MONTHS)] == [
        ("1990s", "199X"),
        ("1970s", "197X"),
        ("1980s", "198X"),
    ]


def test_only_the_stretch_is_read() -> None:
    text = "1990 in May 1991 and 1992"
    assert [value.lexical for value in find_dates(text, 5, 16, MONTHS)] == ["1991-05"]
    assert find_dates(text, 5, 14, MONTHS) == []


def test_month_names_are_data() -> None:
    assert [
        value.lexical for value in find_dates("9 novembre 1976 / 9 Novembre 1976", 0, 40, {"novembre": 11})
    ] == ["1976", "1976-11-09"]


_PIECES = st.lists(
    st.one_of(
        st.sampled_from([words for words, _, _ in DATES]),
        st.sampled_from(
            [
                *(name.capitalize() for name in MONTHS),
                "c. ",
                "until ",
                "between ",
                "and ",
                "to ",
                "–",
                "-",
                "/",
                ", ",
                "of ",
                "BC",
                "AD",
                "s",
                "th",
            ]
        ),
        st.integers(0, 3000).map(str),
        st.text(max_size=3),
    ),
    max_size=8,
)


@pytest.mark.slow
@given(_PIECES, st.sampled_from(["", " "]))
@example(["30 February 1996–present"], "")
def test_any_text_gives_ordered_valid_dates(pieces: list[str], joint: str) -> None:
    text = joint.join(pieces)
    end = 0
    for value in find_dates(text, 0, len(text), MONTHS):
        assert end <= value.span.start < value.span.end <= len(text)
        end = value.span.end
        for each in (value, *value.parts):
            check_lexical(each)
            assert value.span.start <= each.span.start <= each.span.end <= value.span.end
    row = parse_date(text, MONTHS)
    if row:
        check_lexical(row)


@given(st.dates(max_value=date(2999, 12, 31)))
def test_every_day_is_read(day: date) -> None:
    month = _NAMES[day.month - 1].capitalize()
    era = "" if day.year >= 1000 else " AD"
    for words in (f"{day.day} {month} {day.year}{era}", f"{month} {day.day}, {day.year}{era}"):
        value = parse_date(words, MONTHS)
        assert value
        assert (value.lexical, value.datatype) == (day.isoformat(), DATE)


NUMBERS = [
    ("3,000,000", "3000000", True, ""),
    ("over 10,000", "10000", False, ""),
    ("More than 2,000", "2000", False, ""),
    ("~1000", "1000", False, ""),
    ("c. 40,000 (2004)", "40000", False, "(2004)"),
    ("5,000+", "5000", False, ""),
    ("1.5 million", "1500000", True, ""),
    ("4.2255 thousand", "4225.5", True, ""),
    ("155 million in 148 countries (2006)", "155000000", True, "in 148 countries (2006)"),
    ("400,000", "400000", True, ""),
    ("3\u00a0000", "3000", True, ""),
    ("60,000 (2014)", "60000", True, "(2014)"),
    ("0.50", "0.5", True, ""),
    ("-8", "-8", True, ""),
    ("−8.10", "-8.1", True, ""),
    ("-0.0", "0", True, ""),
    ("007", "7", True, ""),
    ("11,490 tons", "11490", True, "tons"),
    ("50,000.", "50000", True, "."),
]


@pytest.mark.parametrize(("text", "lexical", "exact", "note"), NUMBERS)
def test_numbers(text: str, lexical: str, exact: bool, note: str) -> None:
    value = parse_number(text)
    assert value
    assert (value.lexical, value.exact, value.note) == (lexical, exact, note)
    assert value.datatype == (DECIMAL if "." in lexical else INTEGER)


@pytest.mark.parametrize(
    "text",
    [
        "50–3000",
        "50 - 60",
        "2 / 7",
        "6.9%",
        "1,5",
        "1,50,000",
        "1.000.000",
        "30.000",
        "100 320",
        "10k",
        "8th",
        "5 to 6",
        "9" * 5000,
        "3:1",
    ],
)
def test_digits_that_are_no_number_are_rejected(text: str) -> None:
    value = parse_number(text)
    assert value
    assert value.lexical is None
    assert value.reason


@pytest.mark.parametrize("text", ["", "Small numbers", "(June 2013), 79,345", "US$ 3", "about", ".5", "٣"])
def test_no_number(text: str) -> None:
    assert parse_number(text) is None


@given(st.integers(-(10**25), 10**25))
def test_every_integer_is_canonical(number: int) -> None:
    for text in (str(number), f"{number:,}"):
        value = parse_number(text)
        assert value
        assert (value.lexical, value.datatype, value.exact) == (str(number), INTEGER, True)


KEPT = frozenset({"jr", "inc", "ltd", "d.c", "iii", "holm and berg"})
LISTS = [
    ("", []),
    (" , ;", []),
    ("Ada Lund", ["Ada Lund"]),
    ("Ada Lund, Bo Holm; Cy Berg", ["Ada Lund", "Bo Holm", "Cy Berg"]),
    ("Arvika, Norland", ["Arvika", "Norland"]),
    ("Lantern Youth (1948–56), Coast Youth (1976–90)", ["Lantern Youth {1948–56}", "Coast Youth {1976–90}"]),
    ("Active (Banned in Norland)", ["Active {Banned in Norland}"]),
    (
        "Ada Lund (Executive Director), Bo F. Holm, Jr. (Chairman)",
        ["Ada Lund {Executive Director}", "Bo F. Holm, Jr. {Chairman}"],
    ),
    ("Ada Lund M.(Chair), Bo Holm(CEO Norland)", ["Ada Lund M. {Chair}", "Bo Holm {CEO Norland}"]),
    ("Coast, Inc. and Blue Lantern, Ltd", ["Coast, Inc.", "Blue Lantern, Ltd"]),
    ("Port, D.C., Norland", ["Port, D.C.", "Norland"]),
    ("Bo Holm, III", ["Bo Holm, III"]),
    ("3,000,000 copies, 20", ["3,000,000 copies", "20"]),
    ("July 6, 1990 (first), May 7, 1991", ["July 6, 1990 {first}", "May 7, 1991"]),
    ("1999, 2022", ["1999", "2022"]),
    ('"Swiss, so", “one, two”, «a, b»', ['"Swiss, so"', "“one, two”", "«a, b»"]),
    ('13" turrets: 15 in, 8" turrets: 6 in', ['13" turrets: 15 in', '8" turrets: 6 in']),
    ("Front (a, b (c, d)), Coast [e, f]", ["Front {a, b (c, d)}", "Coast [e, f]"]),
    ("Open (a, Bo) Holm, b", ["Open (a, Bo) Holm", "b"]),
    ("Open (a, b", ["Open (a", "b"]),
    ("Close) a, b", ["Close) a", "b"]),
    ("Party (PLUS) (unofficially)", ["Party {PLUS} {unofficially}"]),
    ("29 April 1961 (as Coast)a", ["29 April 1961 {as Coast}"]),
    ("501(c)(3)", ["501(c)(3)"]),
    ("(June 2013), 79,345", ["(June 2013)", "79,345"]),
    ("Ada (Bo) Holm", ["Ada (Bo) Holm"]),
    ("Ada Lund and Bo Holm", ["Ada Lund", "Bo Holm"]),
    ("Ada Lund (chair) and Bo Holm (clerk)", ["Ada Lund {chair}", "Bo Holm {clerk}"]),
    ("lobbying, litigation, and science", ["lobbying", "litigation", "science"]),
    ("Red, green and yellow", ["Red", "green", "yellow"]),
    ("Coast Party, Law and Justice, Green Front", ["Coast Party", "Law and Justice", "Green Front"]),
    ("Green Coast and Labour Party", ["Green Coast and Labour Party"]),
    ("Green Coast Party and Young Lantern Party", ["Green Coast Party", "Young Lantern Party"]),
    ("Alliance of Liberals and Democrats", ["Alliance of Liberals and Democrats"]),
    ("Arvika, Holm and Berg", ["Arvika", "Holm and Berg"]),
    ("Front (one and two)", ["Front {one and two}"]),
    ("Ada Lund and others", ["Ada Lund {and others}"]),
    ("Ada Lund, Bo Holm and 31 others.", ["Ada Lund", "Bo Holm {and 31 others.}"]),
    ("one\ntwo", ["one", "two"]),
]


@pytest.mark.parametrize(("text", "parts"), LISTS)
def test_lists(text: str, parts: list[str]) -> None:
    found = split_list(text, Span(0, len(text)), KEPT, heads={"party"})
    assert [
        " ".join([part.span.of(text), *("{" + q.of(text) + "}" for q in part.qualifiers)]) for part in found
    ] == parts


def test_only_the_span_is_cut() -> None:
    text = "- Key: Ada Lund, Bo Holm (x)\n- Next: y"
    assert [part.span.of(text) for part in split_list(text, Span(7, 28))] == ["Ada Lund", "Bo Holm"]


@given(st.text(st.sampled_from('ab AB,;()[]"“”1.\n') | st.characters()), st.data())
def test_items_are_in_order_and_trimmed(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    at = start
    for part in split_list(text, Span(start, end), KEPT):
        assert at <= part.span.start < part.span.end <= end
        assert part.span.of(text) == part.span.of(text).strip()
        at = part.span.end
        for qualifier in part.qualifiers:
            assert at <= qualifier.start <= qualifier.end <= end
            at = qualifier.end


TAGS = [
    ("es", "es"),
    (" uk ", "uk"),
    ("Norlandic", "nn"),
    ("pt-BR", "pt-br"),
    ("zh-Hant-TW", "zh-hant-tw"),
    ("es-419", "es-419"),
    ("zh-cmn-Hans", "zh-cmn-hans"),
    ("sl-rozaj-biske-1994", "sl-rozaj-biske-1994"),
    ("en-US-u-co-phonebk-x-a", "en-us-u-co-phonebk-x-a"),
    ("x-lantern", "x-lantern"),
    ("i-klingon", "i-klingon"),
    *(
        (ill, None)
        for ill in (
            "",
            "e",
            "ar,fr",
            "ru/be",
            "not a tag",
            "en_US",
            "en-",
            "-en",
            "en--us",
            "Papiamento",
            "lantern",
            "ç",
            "en-toolongsubtag",
        )
    ),
    *((ill, None) for ill in ("de-419-DE", "sl-rozaj-rozaj", "en-a-bb-a-cc", "en-x", "x")),
]


@pytest.mark.parametrize(("text", "tag"), TAGS)
def test_language_tags(text: str, tag: str | None) -> None:
    assert language_tag(text, {"norlandic": "nn"}) == tag
    if tag:
        assert Literal("a", language=tag).language == tag


@given(st.text(st.sampled_from("abx-1 é"), max_size=14))
def test_a_tag_is_one_that_rdf_takes(text: str) -> None:
    tag = language_tag(text, {})
    if tag:
        assert Literal("a", language=tag).language == tag


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "1" * 1_000_000,
        "1990 " * 50_000,
        "1990–" * 50_000,
        "May " * 60_000,
        "c. " * 300_000,
        "until " * 150_000,
        "1 May " * 40_000,
        " " * 1_000_000 + "1990",
    ],
    ids=lambda text: text[:6],
)
def test_much_input_is_searched_for_dates(text: str) -> None:
    """A reader whose time grew with the square of the length would not come to an end here."""
    assert all(
        0 <= value.span.start < value.span.end <= len(text)
        for value in find_dates(text, 0, len(text), MONTHS)
    )
    parse_date(text, MONTHS)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "a," * 100_000,
        "(" * 500_000,
        "(a) " * 200_000,
        "a (b) and " * 80_000,
        '"' * 500_000,
        " and others" * 80_000 + "(,)",
        "(a, " * 200_000 + ")" * 200_000,
        "9" * 10**6,
    ],
    ids=lambda text: text[:6],
)
def test_much_input_is_split(text: str) -> None:
    """A reader whose time grew with the square of the length would not come to an end here."""
    assert all(part.span.end <= len(text) for part in split_list(text, Span(0, len(text)), KEPT))
    parse_number(text)


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared articles are not here")
def test_dates_of_the_shared_articles_are_valid() -> None:
    for path in sorted(SHARED.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        for value in find_dates(text, 0, len(text), MONTHS):
            check_lexical(value)
