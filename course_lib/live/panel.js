// An explorer: its picture, its controls and its buttons, all of them plain HTML, so that they have names, obey
// the keyboard and fit narrow pages.
import { figure } from "./figure_view.js";

const GONE = "This picture does not move any more, because the kernel that drew it has ended: run this cell again.";
const LATE = "No answer from Python: it is busy, or it has ended. If it has, run this cell again.";
const PATIENCE = 5000; // milliseconds until LATE is shown
const MOVES = new Set(["set", "drag"]); // of several that wait, the last alone counts

function render({ model, el }) {
  const unique = Math.random().toString(36).slice(2); // every widget has a copy of this script
  const root = element("div", `course-explorer course-explorer-${model.get("name")}`);
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", model.get("title"));

  // -- messages to Python: one at a time, the next when the last is answered ----------------------------------

  let awaiting = null;
  let late; // runs until an answer is late
  const queue = [];

  function send(message) {
    if (awaiting === null) {
      awaiting = message;
      model.send(message);
      late = setTimeout(() => { note.textContent = LATE; }, PATIENCE);
      return;
    }
    const last = queue.at(-1);
    const replaces = last && MOVES.has(message.kind) && last.kind === message.kind && last.name === message.name;
    if (replaces) queue.pop();
    queue.push(message);
  }

  function answered() {
    awaiting = null;
    clearTimeout(late);
    if (note.textContent === LATE) note.textContent = "";
    if (queue.length) send(queue.shift());
  }

  // Whether a newer value of a control still waits: an older answer must not set it back.
  const waits = (name) => queue.some((message) => message.name === name);

  // -- controls -----------------------------------------------------------------------------------------------

  const setters = {}; // name of a setting -> a function that shows its value
  const players = [];

  function slider(control, box) {
    const { name, label, texts } = control;
    const range = element("input");
    Object.assign(range, { type: "range", id: `course-${unique}-${name}`, min: 0, max: texts.length - 1, step: 1 });
    const title = element("label", "course-label", label);
    title.htmlFor = range.id;
    const field = element("input", "course-number");
    Object.assign(field, { type: "text", inputMode: "decimal", size: 6, autocomplete: "off", spellcheck: false });
    field.setAttribute("aria-label", `${label}, as a number`);

    const speak = () => {
      range.setAttribute("aria-valuetext", field.value);
      range.title = field.value;
    };
    range.addEventListener("input", () => {
      field.value = texts[range.value];
      speak();
      send({ kind: "set", name, value: Number(range.value) });
    });
    field.addEventListener("input", () => { field.dataset.editing = ""; });
    field.addEventListener("change", () => {
      delete field.dataset.editing;
      send({ kind: "type", name, text: field.value });
    });
    setters[name] = ({ at, text }) => {
      range.value = at;
      if (!("editing" in field.dataset)) field.value = text;
      speak();
    };
    box.append(title, range, field);
    if (control.interval) box.append(player(control, range));
  }

  function player({ name, label, interval, texts }, range) {
    const button = element("button", "course-play");
    button.type = "button";
    let timer = null;
    const stop = () => {
      clearInterval(timer);
      timer = null;
      button.textContent = "▶";
      button.setAttribute("aria-label", `Play ${label}`);
    };
    const step = () => {
      if (awaiting !== null) return; // Python has not answered the last step yet
      const next = Number(range.value) + 1;
      if (next > texts.length - 1) stop();
      else move(next);
    };
    const move = (to) => {
      range.value = to;
      range.dispatchEvent(new Event("input"));
    };
    button.addEventListener("click", () => {
      if (timer !== null) return stop();
      if (Number(range.value) === texts.length - 1) move(0);
      timer = setInterval(step, interval);
      button.textContent = "⏸";
      button.setAttribute("aria-label", `Pause ${label}`);
    });
    stop();
    players.push(stop);
    return button;
  }

  function choice({ name, label, options }, box) {
    const menu = element("select");
    menu.id = `course-${unique}-${name}`;
    options.forEach((option, at) => menu.append(new Option(option, at)));
    const title = element("label", "course-label", label);
    title.htmlFor = menu.id;
    menu.addEventListener("change", () => send({ kind: "set", name, value: Number(menu.value) }));
    setters[name] = (value) => { menu.value = value; };
    box.append(title, menu);
  }

  function toggle({ name, label }, box) {
    const [title, input] = checkbox(label);
    input.addEventListener("change", () => send({ kind: "set", name, value: input.checked }));
    setters[name] = (value) => { input.checked = value; };
    box.append(title);
  }

  function several({ name, label, options }, box) {
    const group = element("fieldset", "course-several");
    group.append(element("legend", "course-label", label));
    const boxes = options.map((option) => checkbox(option));
    const chosen = () => [...options.keys()].filter((at) => boxes[at][1].checked);
    for (const [title, input] of boxes) {
      input.addEventListener("change", () => send({ kind: "set", name, value: chosen() }));
      group.append(title);
    }
    setters[name] = (value) => {
      boxes.forEach(([, input], at) => { input.checked = value.includes(at); });
    };
    box.append(group);
  }

  function checkbox(text) {
    const title = element("label", "course-check");
    const input = element("input");
    input.type = "checkbox";
    title.append(input, text);
    return [title, input];
  }

  function showValues() {
    for (const [name, value] of Object.entries(model.get("values"))) {
      if (!waits(name)) setters[name](value);
    }
  }

  // -- buttons ------------------------------------------------------------------------------------------------

  function button(text, kind, tip, message) {
    const made = element("button", `course-button course-${kind}`, text);
    made.type = "button";
    made.title = tip;
    made.addEventListener("click", () => {
      players.forEach((stop) => stop());
      send(message);
    });
    return made;
  }

  const presets = row("course-presets", "Settings worth seeing");
  model.get("presets").forEach(([name, lookFor]) => {
    presets.append(button(name, "preset", lookFor, { kind: "preset", name }));
  });
  const word = element("p", "course-word");
  word.setAttribute("role", "status");

  const controls = row("course-controls", "Controls");
  const kinds = { slider, choice, toggle, several };
  model.get("controls").forEach((control) => {
    const box = element("div", `course-control course-control-${control.name}`);
    kinds[control.kind](control, box);
    controls.append(box);
  });

  const actions = row("course-actions", "Actions");
  const pin = button("Pin", "button-pin", "Keep the present curves in gray, to compare with", { kind: "pin" });
  const work = element("span", "course-work");
  const progress = element("progress", "course-progress");
  progress.setAttribute("aria-label", "Work that goes on");
  work.append(progress, button("Stop", "button-stop", "Keep what there is", { kind: "stop" }));
  actions.append(button("Reset", "button-reset", "Back to the start", { kind: "reset" }), pin);
  if (model.get("chance")) {
    actions.append(button("New seed", "button-seed", "The same, with other chance", { kind: "seed" }));
  }
  const copyTip = "The Python line that makes this picture";
  actions.append(button("Copy as code", "button-copy", copyTip, { kind: "copy" }));
  if (model.get("slow")) actions.append(work);
  const note = element("p", "course-note");
  note.setAttribute("role", "status");

  function showState() {
    pin.textContent = model.get("pinned") ? "Unpin" : "Pin";
    pin.setAttribute("aria-pressed", String(model.get("pinned")));
    word.textContent = model.get("word");
    word.hidden = !model.get("presets").length;
    const fraction = model.get("progress");
    work.style.visibility = fraction < 0 ? "hidden" : "visible";
    progress.value = Math.max(fraction, 0);
  }

  async function custom(message) {
    if (message.answered) {
      answered();
      showValues(); // what was typed in vain gives way to what holds
    }
    if (message.note !== undefined) note.textContent = message.note;
    if (message.copy === undefined) return;
    let copied = true;
    try {
      await navigator.clipboard.writeText(message.copy);
    } catch {
      copied = false; // the browser may forbid it: the line is there to be selected by hand
    }
    const code = element("code", "", message.copy);
    note.replaceChildren(copied ? "Copied: " : "Select and copy: ", code);
  }

  // -- a kernel that is gone ----------------------------------------------------------------------------------

  const gone = element("p", "course-gone");
  gone.setAttribute("role", "alert");
  const session = model.widget_manager?.context?.sessionContext; // JupyterLab's and Notebook's; others have none

  function over() {
    if (gone.textContent) return;
    clearTimeout(late);
    players.forEach((stop) => stop());
    gone.textContent = GONE;
    root.querySelectorAll("input, select, button").forEach((input) => { input.disabled = true; });
  }
  const onStatus = (_, status) => {
    if (/^(restarting|autorestarting|terminating|dead)$/.test(status)) over();
  };
  const onKernel = (_, { oldValue, newValue }) => { if (oldValue && oldValue.id !== newValue?.id) over(); };
  session?.statusChanged.connect(onStatus);
  session?.kernelChanged.connect(onKernel);

  // -- all together -------------------------------------------------------------------------------------------

  const view = figure(model, send, answered);
  if (model.get("presets").length) root.append(presets, word);
  root.append(view.el, gone, controls, actions, note);
  el.append(root);
  root.addEventListener("keydown", (event) => {
    // Keys that move a control must not move the notebook as well; commands such as Ctrl+S still reach it.
    const command = event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");
    if (!command && !["Escape", "Tab"].includes(event.key)) event.stopPropagation();
  });
  const listeners = [["change:values", showValues], ["msg:custom", custom]];
  ["pinned", "word", "progress"].forEach((name) => listeners.push([`change:${name}`, showState]));
  listeners.forEach(([name, listener]) => model.on(name, listener));
  showValues();
  showState();

  return () => {
    clearTimeout(late);
    players.forEach((stop) => stop());
    listeners.forEach(([name, listener]) => model.off(name, listener));
    session?.statusChanged.disconnect(onStatus);
    session?.kernelChanged.disconnect(onKernel);
    view.close();
  };
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function row(className, label) {
  const made = element("div", `course-row ${className}`);
  made.setAttribute("role", "group");
  made.setAttribute("aria-label", label);
  return made;
}

export default { render };
