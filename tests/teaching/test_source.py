import pytest

from course_lib.numpy_nn.optimizers import SGD
from course_lib.teaching import check_environment, show_source


class Sample:
    """A class with a docstring.

    Two paragraphs of it.
    """

    def method(self):
        """Say hello."""
        # a comment that stays
        return "hello"

    def only_docstring(self):
        """Nothing else stands here."""


def test_code_without_docstrings():
    assert repr(show_source(Sample)) == (
        "class Sample:\n    def method(self):\n        # a comment that stays\n"
        '        return "hello"\n\n    def only_docstring(self):\n        """Nothing else stands here."""'
    )


def test_code_with_docstrings():
    assert "Two paragraphs of it." in repr(show_source(Sample, docstrings=True))


def test_jupyter_gets_highlighted_code():
    assert show_source(SGD.update)._repr_markdown_().startswith("```python\ndef update(self")


@pytest.mark.parametrize("thing", [3, "SGD", SGD(lr=0.1)])
def test_what_has_no_source_is_named(thing):
    with pytest.raises(TypeError, match="show_source takes functions"):
        show_source(thing)


def test_the_environment_is_as_tested(capsys):
    check_environment()
    assert capsys.readouterr().out == "Everything is as tested: Python and every package.\n"


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 1), (3, 14, 9)])
def test_every_python_that_ci_tries_is_as_tested(monkeypatch, capsys, version):
    monkeypatch.setattr("sys.version_info", version)
    check_environment()
    assert capsys.readouterr().out == "Everything is as tested: Python and every package.\n"


@pytest.mark.parametrize("version", [(3, 10, 9), (3, 15, 0)])
def test_another_python_is_named(monkeypatch, capsys, version):
    monkeypatch.setattr("sys.version_info", version)
    check_environment()
    assert f"  Python 3.{version[1]}, tested with 3.11 to 3.14\n" in capsys.readouterr().out


def test_another_version_is_named(tmp_path, capsys):
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("# a comment\nnumpy==1.0.0\nno-such-package==2.0\n")
    check_environment(requirements)
    text = capsys.readouterr().out
    assert "numpy" in text
    assert "tested with 1.0.0" in text
    assert "no-such-package is missing" in text


def test_without_the_folder_of_the_course_there_is_nothing_to_compare(tmp_path, capsys):
    check_environment(tmp_path / "requirements.txt")
    assert "requirements.txt is not here" in capsys.readouterr().out
