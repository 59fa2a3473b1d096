"""Every key term of every chapter is in the glossary, which can be read without a kernel."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from course_lib.teaching import glossary
from course_lib.teaching.glossary import TERMS
from course_lib.teaching.glossary.terms import parts

CHAPTERS = sorted((Path(__file__).parents[2] / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def key_terms(path):
    """The lines of a chapter's table: English, Chinese."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    table = re.search(r"\*\*Key terms\*\*\n+((?:\|.*\n)+)", text + "\n")
    lines = table[1].splitlines()[2:] if table else []
    return [tuple(cell.strip() for cell in line.split("|")[1:3]) for line in lines]


ALL = [pytest.param(*term, id=f"{path.stem[:2]}-{term[0]}") for path in CHAPTERS for term in key_terms(path)]


@pytest.mark.parametrize(("english", "chinese"), ALL)
def test_a_key_term_of_a_chapter_is_in_the_glossary_with_the_same_chinese(english, chinese):
    rows = [term for term in TERMS if term.names() & parts(english)]
    assert set.union(set(), *(term.names() for term in rows)) >= parts(english)
    assert set.union(set(), *(parts(term.chinese) for term in rows)) >= parts(chinese)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_glossary_names_the_chapter_of_a_key_term(path):
    for english, _ in key_terms(path):
        for name in parts(english):
            assert any(path.stem[:2] in term.chapter for term in TERMS if name in term.names()), name


def test_the_tables_of_the_chapters_are_found():
    assert {path.stem for path in CHAPTERS if key_terms(path)} == {path.stem for path in CHAPTERS}
    assert len(ALL) > 100


def test_a_term_has_one_line_of_its_own_with_all_that_it_needs():
    assert len({term.english for term in TERMS}) == len(TERMS)
    for term in TERMS:
        assert "" not in (term.english, term.chinese, term.meaning), term
        assert re.fullmatch(r"\d\d(, \d\d)*", term.chapter), term
        assert not re.search(r"[$\\`]", "".join(term)), f"{term} is typeset in no form of the table"


@pytest.mark.parametrize(
    "wanted",
    [
        "neural network",
        "deep learning",
        "linear regression",
        "dev set",
        "inference",
        "tensor",
        "decision boundary",
    ],
)
def test_a_word_that_is_in_no_table_of_a_chapter_is_here(wanted):
    assert [term for term in TERMS if wanted in term.names()]


def test_learning_curve_has_both_meanings():
    assert len([term for term in TERMS if "learning curve" in term.names()]) == 2


class Cells(HTMLParser):
    """The text of the cells of a table, row by row."""

    def __init__(self):
        super().__init__()
        self.rows = []

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td"):
            self.rows[-1].append("")

    def handle_data(self, data):
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip("\n")


def test_without_a_kernel_it_is_a_table():
    table = Cells()
    table.feed(glossary()._repr_html_())
    head, *rows = table.rows
    assert head == ["English", "中文", "symbol", "meaning", "chapter"]
    assert [(row[0], row[1], row[3], row[4]) for row in rows] == [
        (term.english, term.chinese, term.meaning, term.chapter) for term in TERMS
    ]
    assert all(len(row) == 5 for row in rows)


def test_an_index_is_set_as_one():
    (row,) = re.findall(r"<tr><td[^>]*>error of a unit<.*?</tr>", glossary()._repr_html_())
    assert "δ<sub>j</sub><sup>(l)</sup>" in row


def test_with_a_kernel_the_same_table_goes_to_the_browser():
    shown = glossary()
    bundle = shown._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/html"] == shown._view.table
    shown._view.close()
