"""What holds for every stored notebook, and a proof that running it would notice a change."""

from __future__ import annotations

import copy
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from tests.processes import run

COURSE = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((COURSE / "notebooks").glob("*.ipynb"))
VIEW = "application/vnd.jupyter.widget-view+json"
MOST_BYTES = 1_500_000  # GitHub shows larger notebooks slowly or not at all

FORBIDDEN_IN_OUTPUTS = {
    "an address in memory": r"\b0x[0-9a-fA-F]{6,}",
    "a path of one machine": r"/(tmp|root|home|work|Users)/|\b[A-Z]:\\+(Users|Program)",
    "a progress bar or a timing": r"tqdm|\d+%\|| it/s|s/it",
    "an output that replaces another": r"clear_output|display_id|OutputModel|interactive\(",
}


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code_cells(notebook) -> list:
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def outputs(notebook) -> list:
    return [output for cell in code_cells(notebook) for output in cell.outputs]


def texts(notebook) -> list[str]:
    """All that outputs say in words."""
    said = [output.text for output in outputs(notebook) if output.output_type == "stream"]
    for output in outputs(notebook):
        said += [str(data) for kind, data in output.get("data", {}).items() if not kind.startswith("image/")]
    return said


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request) -> Path:
    return request.param


@pytest.fixture
def chapter(path) -> nbformat.NotebookNode:
    return read(path)


def test_every_cell_was_run_from_top_to_bottom(chapter):
    counts = [cell.execution_count for cell in code_cells(chapter)]
    assert counts == list(range(1, len(counts) + 1))


def test_no_cell_failed_or_warned(chapter):
    assert not [output for output in outputs(chapter) if output.output_type == "error"]
    assert not [output.text for output in outputs(chapter) if output.get("name") == "stderr"]


@pytest.mark.parametrize("fault", FORBIDDEN_IN_OUTPUTS)
def test_outputs_are_the_same_everywhere(chapter, fault):
    found = [text for text in texts(chapter) if re.search(FORBIDDEN_IN_OUTPUTS[fault], text)]
    assert not found, f"{fault}: {found[0][:300]}"


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("an address in memory", "<course_lib.core.Thing object at 0x7f3a5c0d>"),
        ("a path of one machine", "/home/ada/course/notebooks"),
        ("a path of one machine", "C:\\\\Users\\\\ada"),
        ("a progress bar or a timing", " 40%|████      | 4/10 [00:01<00:02,  2.9 it/s]"),
    ],
)
def test_such_outputs_would_be_noticed(fault, text):
    assert re.search(FORBIDDEN_IN_OUTPUTS[fault], text)


def test_size_and_kernel(path, chapter):
    nbformat.validate(chapter)
    assert path.stat().st_size < MOST_BYTES
    assert chapter.metadata.kernelspec.name == "python3"


def explorers(notebook) -> list:
    """The outputs that show one: their picture carries its description."""
    return [
        output for output in outputs(notebook) if output.get("metadata", {}).get("image/png", {}).get("alt")
    ]


def test_an_explorer_can_be_seen_without_a_kernel(path, chapter):
    """Its picture, and its description as the alternative text. Every chapter has one."""
    assert "widgets" not in chapter.metadata  # a view without its kernel cannot be shown
    displayed = [
        cell for cell in code_cells(chapter) if cell.source.splitlines()[-1].startswith("EXPLORERS[")
    ]
    assert len(explorers(chapter)) >= max(len(displayed), path.stem[:2].isdigit())
    for output in explorers(chapter):
        assert VIEW not in output.data
        description = output.data["text/plain"].strip()
        assert output.metadata["image/png"]["alt"] == description
        assert description.endswith("."), f"not a sentence: {description}"


def test_a_web_page_made_of_a_chapter_shows_every_explorer(path, chapter):
    """nbconvert's page takes widgets from the network, but pictures from the file."""
    page, _ = HTMLExporter().from_filename(str(path))
    for output in explorers(chapter):
        assert output.data["image/png"].strip() in page
    assert VIEW not in page


def test_the_first_cell_is_the_title(chapter):
    assert chapter.cells[0].cell_type == "markdown"
    assert chapter.cells[0].source.startswith("# ")


def test_nothing_is_left_to_do(chapter):
    for cell in chapter.cells:
        assert not re.search(r"\b(TODO|FIXME|XXX|TBD)\b", cell.source), cell.source


def test_links_lead_somewhere(path, chapter):
    prose = "\n".join(cell.source for cell in chapter.cells if cell.cell_type == "markdown")
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if re.match(r"https?:|mailto:|attachment:", target):
            continue
        file, _, section = target.partition("#")
        other = path.parent / file if file else path
        assert other.exists(), target
        if section and other.suffix == ".ipynb":
            assert section in headings(read(other)), target


def headings(notebook) -> set[str]:
    """The names that JupyterLab gives to headings: their text with hyphens for spaces."""
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    prose = re.sub(r"^```.*?^```", "", prose, flags=re.DOTALL | re.MULTILINE)
    return {title.strip().replace(" ", "-") for title in re.findall(r"^#+ (.+)$", prose, flags=re.MULTILINE)}


# -- nbval notices -------------------------------------------------------------------------------


def nbval(notebook: nbformat.NotebookNode, folder: Path) -> subprocess.CompletedProcess:
    nbformat.write(notebook, folder / "chapter.ipynb")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--nbval",
        "--nbval-current-env",
    ]
    command += ["--nbval-sanitize-with", str(COURSE / "tests" / "nbval_sanitize.cfg"), "chapter.ipynb"]
    return run(command, folder, without="PYTEST_")  # which is what xdist tells its workers


@pytest.fixture(scope="module")
def first_printing_cells() -> nbformat.NotebookNode:
    """The beginning of the first chapter, up to the first cell that prints something."""
    if not NOTEBOOKS:
        pytest.skip("no chapters yet")
    notebook = read(NOTEBOOKS[0])
    for end, cell in enumerate(notebook.cells, start=1):
        if any(output.output_type == "stream" for output in cell.get("outputs", [])):
            notebook.cells = notebook.cells[:end]
            notebook.metadata.pop("widgets", None)
            return notebook
    raise AssertionError(f"{NOTEBOOKS[0].name} prints nothing")


def test_nbval_passes_what_is_stored(first_printing_cells, tmp_path):
    run = nbval(first_printing_cells, tmp_path)
    assert run.returncode == 0, run.stdout


def test_nbval_fails_on_a_changed_output(first_printing_cells, tmp_path):
    notebook = copy.deepcopy(first_printing_cells)
    output = next(output for output in notebook.cells[-1].outputs if output.output_type == "stream")
    output.text = output.text.replace("e", "3", 1)
    run = nbval(notebook, tmp_path)
    assert run.returncode == 1
    assert "mismatch" in run.stdout


def test_nbval_fails_on_a_false_claim(tmp_path):
    cells = [
        "from course_lib.teaching import claim",
        "rate = 2 / 10",
        'claim("the largest stable rate is 2/λmax", measured=rate, predicted=0.2, rtol=0.02)',
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    NotebookClient(notebook, kernel_name="python3").execute()
    assert outputs(notebook)[0].text.startswith("✓")
    notebook.cells[1].source = "rate = 2 / 9"
    run = nbval(notebook, tmp_path)
    assert run.returncode == 1
    assert "ClaimError" in run.stdout


def test_cells_have_speaking_names(chapter):
    """Later changes are merged by them: a name says what the cell is about, not where it stands."""
    for cell in chapter.cells:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", cell.id), cell.id
        assert not re.fullmatch(r"(cell-?)?\d+|[0-9a-f]{8}", cell.id), cell.id
