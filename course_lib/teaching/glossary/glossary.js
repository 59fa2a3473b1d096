// The table of the glossary, with a field that searches it and headings that sort it. Plain HTML, so that it obeys
// the keyboard and is read aloud. Python only hands the table over: nothing waits for a kernel.

function render({ model, el }) {
  const root = element("div", "course-glossary");
  root.innerHTML = model.get("table"); // our own, escaped in Python
  const table = root.querySelector("table");
  const body = table.tBodies[0];
  const rows = [...body.rows];

  const label = element("label", "course-search", "Search ");
  const field = element("input");
  Object.assign(field, { type: "search", autocomplete: "off", spellcheck: false });
  label.append(field);
  const count = element("span", "course-count");
  count.setAttribute("role", "status");
  root.prepend(label, count);

  function search() {
    const wanted = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      // The cells with a space between: a word must not begin in one and end in the next.
      const text = [...row.cells].map((cell) => cell.textContent).join(" ").toLowerCase();
      row.hidden = !wanted.every((word) => text.includes(word));
    }
    const found = rows.filter((row) => !row.hidden).length;
    count.textContent = `${found} of ${rows.length} terms`;
  }

  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, column) => {
    const button = element("button", "", heading.textContent);
    button.type = "button";
    button.title = "Sort by this column; once more turns the order";
    button.addEventListener("click", () => sort(column, heading.ariaSort === "ascending" ? -1 : 1));
    heading.replaceChildren(button);
  });

  function sort(column, direction) {
    const words = (row) => row.cells[column].textContent;
    const order = new Intl.Collator(column === 1 ? "zh" : "en", { numeric: true });
    const compare = (one, other) => {
      // Terms without a symbol come last in either direction.
      const empty = !words(one) - !words(other);
      return empty || direction * order.compare(words(one), words(other));
    };
    headings.forEach((heading, at) => {
      heading.ariaSort = at === column ? (direction > 0 ? "ascending" : "descending") : "none";
    });
    body.append(...rows.sort(compare));
  }

  field.addEventListener("input", search);
  root.addEventListener("keydown", (event) => {
    // Keys that are typed must not command the notebook as well; Ctrl+S and such still reach it.
    const command = event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");
    if (!command && !["Escape", "Tab"].includes(event.key)) event.stopPropagation();
  });
  sort(0, 1);
  search();
  el.append(root);
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export default { render };
