// A question to answer before one goes on: options or a number, plain HTML, so that it obeys the keyboard and is
// read aloud. Python keeps the first guess and says what it makes of it.

const LATE = "No answer from Python: it is busy, or it has ended. If it has, run this cell again.";
const PATIENCE = 5000; // milliseconds until LATE is shown

function render({ model, el }) {
  const form = element("form", "course-question");
  const options = model.get("options");
  const unique = Math.random().toString(36).slice(2); // every widget has a copy of this script
  const box = element("fieldset");
  const legend = element("legend");
  legend.append(element("strong", "", "Predict. "), ...words(model.get("question")));
  box.append(legend);

  options.forEach((option) => {
    const label = element("label", "course-option");
    const input = element("input");
    Object.assign(input, { type: "radio", name: unique, value: option });
    label.append(input, element("span"));
    label.lastChild.append(...words(option));
    box.append(label);
  });
  if (!options.length) {
    const label = element("label", "course-option", "Your number");
    const input = element("input", "course-number");
    Object.assign(input, { type: "text", name: unique, inputMode: "decimal", size: 10, autocomplete: "off" });
    label.append(input, model.get("unit"));
    box.append(label);
  }
  const commit = element("button", "course-button", "Commit");
  commit.type = "submit";
  commit.title = "Your first guess is kept";
  const said = element("div", "course-said");
  said.setAttribute("role", "status");
  form.append(box, commit, said);
  el.append(form);

  let late;
  form.addEventListener("submit", (event) => {
    event.preventDefault(); // nothing is sent to a server
    const guess = new FormData(form).get(unique);
    late = setTimeout(() => { said.textContent = LATE; }, PATIENCE);
    model.send({ guess: guess ?? "" });
  });

  function show() {
    clearTimeout(late);
    const guess = model.get("guess");
    form.querySelectorAll("input[type=radio]").forEach((input) => { input.checked = input.value === guess; });
    const number = form.querySelector("input[type=text]");
    if (number && guess) number.value = guess;
    const paragraphs = model.get("said").map((text) => {
      const paragraph = element("p");
      paragraph.append(...words(text));
      return paragraph;
    });
    said.replaceChildren(...paragraphs);
    form.classList.toggle("course-right", model.get("right"));
    commit.textContent = model.get("committed") ? "See another answer" : "Commit";
  }
  form.addEventListener("keydown", (event) => {
    // Keys that move a control must not move the notebook as well; commands such as Ctrl+S still reach it.
    const command = event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");
    if (!command && !["Escape", "Tab"].includes(event.key)) event.stopPropagation();
  });
  model.on("msg:custom", show); // sent after all that it is about
  show();
  return () => {
    clearTimeout(late);
    model.off("msg:custom", show);
  };
}

// Text in which `code` stands between backticks.
function words(text) {
  return text.split("`").map((part, at) => (at % 2 ? element("code", "", part) : part));
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export default { render };
