"""Questions without a browser: what counts as which answer, what is said, and what is refused."""

import pytest

from course_lib.teaching import predict
from course_lib.teaching.question_view import QuestionView

OPTIONS = dict(replies={"in one": "No: one.", "in two": "Yes: two.", "in none": "No: none."}, right="in two")
NUMBER = dict(replies={0.2: "Yes.", 0.1: "Half of it."}, right=0.2, otherwise="Far off.")


pytestmark = pytest.mark.usefixtures("no_desk")


def ask(kind):
    kind = dict(kind)
    return predict("01-mirror", "How many `directions`?", kind.pop("replies"), **kind)


def test_each_option_has_its_reply():
    assert ask(OPTIONS).answer("in one") == (["No: one."], False)


def test_the_first_guess_counts_and_a_later_one_is_told_so():
    question = ask(OPTIONS)
    question.answer("in one")
    said, right = question.answer("in two")
    assert right
    assert said == ["Yes: two.", "Your first guess was in one; it is the one that counts."]
    assert question.first_guess() == "in one"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0.2", "Yes."),
        ("0,2", "Yes."),
        (" .2 ", "Yes."),
        ("2e-1", "Yes."),
        ("0.205", "Yes."),
        ("0.22", "Far off."),
        ("−0.2", "Far off."),
        ("0.1", "Half of it."),
        ("0", "Far off."),
        ("0,200", "Yes."),
        ("1,000", "Far off."),
        ("1e300", "Far off."),
    ],
)
def test_a_number_gets_the_reply_that_is_near(typed, said):
    assert ask(NUMBER).answer(typed)[0] == [said]


@pytest.mark.parametrize("typed", ["", "many", "nan", "inf", "1/5", "0.2.1", "__import__('os')"])
def test_what_is_no_number_is_no_guess(typed):
    question = ask(NUMBER)
    assert question.answer(typed) == (["Type a number, such as 0.2."], False)
    assert question.first_guess() == ""


def test_thousands_may_have_commas():
    question = predict("01-many", "How many?", {1000: "Yes.", 1: "One?"}, right=1000, otherwise="No.")
    assert question.answer("1,000")[0] == ["Yes."]


def test_a_guess_at_options_that_are_gone_does_not_count():
    ask(OPTIONS).answer("in one")
    question = predict(
        "01-mirror", "How many now?", {"few": "No.", "some": "Yes.", "all": "Oh."}, right="some"
    )
    assert question.first_guess() == ""
    assert question.answer("some") == (["Yes."], True)
    assert question.first_guess() == "some"


def test_nothing_chosen_is_no_guess():
    question = ask(OPTIONS)
    assert question.answer("") == (["Choose one first."], False)
    assert question.first_guess() == ""


def test_it_can_be_read_without_a_kernel():
    question = ask(OPTIONS)
    assert repr(question) == "Predict. How many directions?\n  ○ in one\n  ○ in two\n  ○ in none"
    assert "<code>directions</code>" in question._repr_html_()
    assert "<li>in two</li>" in question._repr_html_()
    assert "Yes" not in repr(question) + question._repr_html_(), "the reply is not for those who only look"


def test_marks_of_html_are_shown_and_not_obeyed():
    question = predict("01-less", "Is a < b & c?", {"<b>": "1", "no": "2", "so": "3"}, right="no")
    assert "Is a &lt; b &amp; c?" in question._repr_html_()
    assert "<li>&lt;b&gt;</li>" in question._repr_html_()


def test_the_widget_replies_and_remembers():
    view = QuestionView(ask(OPTIONS))
    sent = []
    view.send = sent.append
    assert (view.options, view.committed, view.said) == (["in one", "in two", "in none"], False, [])
    view._on_message(view, {"guess": "in two"}, [])
    assert (view.guess, view.right, view.committed, view.said) == ("in two", True, True, ["Yes: two."])
    assert sent == [{"answered": True}]
    assert "Yes" not in str(view.get_state(["question", "options"])), (
        "the replies stay with Python until then"
    )
    again = QuestionView(ask(OPTIONS))
    assert (again.guess, again.right, again.committed) == ("in two", True, True)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (dict(name="mirror"), "name must be like '01-mirror'"),
        (dict(name="01 mirror"), "name must be like"),
        (dict(right="three"), "right must be one of 'in one', 'in two', 'in none', got 'three'"),
        (dict(right=0.2), "right must be one of"),
        (dict(replies={"in two": "a", 2.0: "b"}), "all belong to options or all to numbers"),
        (dict(otherwise="x"), "options need none"),
        (dict(replies={2.0: "a"}, right=2.0), "give otherwise for a number"),
    ],
)
def test_a_question_that_would_leave_a_guess_without_reply_is_refused(changed, said):
    arguments = dict(name="01-mirror", question="How many?") | OPTIONS | changed
    name, question, replies = (arguments.pop(part) for part in ("name", "question", "replies"))
    with pytest.raises(ValueError, match=said):
        predict(name, question, replies, **arguments)
