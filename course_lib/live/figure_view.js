// The picture: a canvas that paints frames and sends the pointer back, the caption below it, and a voice for
// those who do not see it.

const QUIET = 1000; // milliseconds without a new caption before it is read aloud

/**
 * Build the picture of a model.
 *
 * @param model what Python shows: key, patch, frame, caption, width, height, handles, clickable.
 * @param send takes a message for Python.
 * @param answered is called when a frame that Python sent is on the screen.
 * @returns the element, and a function that lets go of everything.
 */
export function figure(model, send, answered) {
  const el = document.createElement("div");
  el.className = "course-figure";
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.style.width = `${model.get("width")}px`;
  canvas.style.aspectRatio = `${model.get("width")} / ${model.get("height")}`;
  const caption = document.createElement("p");
  caption.className = "course-caption";
  const voice = document.createElement("p");
  voice.className = "course-unseen";
  voice.setAttribute("aria-live", "polite");
  el.append(canvas, caption, voice);
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });

  let shownKey = null; // the key and the patch of the last message
  let shownPatch = null;
  let shownFrame = model.get("frame");
  let asked = 0; // keys that arrived
  let frames = 0; // frames painted
  let key = null; // the pixels of the key, one 32-bit number each; null while it is being decoded
  let image = null; // what is on the canvas
  let silence; // runs until the caption is read aloud

  function changed() {
    // One message may bring a key and a patch. This is called once, when both are set.
    const newKey = model.get("key") !== shownKey;
    const newPatch = model.get("patch") !== shownPatch;
    const newFrame = model.get("frame") !== shownFrame;
    [shownKey, shownPatch, shownFrame] = [model.get("key"), model.get("patch"), model.get("frame")];
    if (newKey) paintKey();
    else if (newPatch) paintPatch();
    else if (newFrame) answered(); // the same pixels again
  }

  async function paintKey() {
    const turn = ++asked;
    key = null;
    const bitmap = await createImageBitmap(new Blob([model.get("key")]));
    if (turn === asked) {
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
      context.drawImage(bitmap, 0, 0);
      image = context.getImageData(0, 0, bitmap.width, bitmap.height);
      key = new Uint32Array(image.data.buffer.slice(0));
      paintPatch();
    }
    bitmap.close();
  }

  function paintPatch() {
    if (key === null) return; // its key paints it
    const patch = model.get("patch");
    const pixels = new Uint32Array(image.data.buffer);
    pixels.set(key);
    if (patch.byteLength) {
      // A copy, because the message may begin at any byte and 32-bit numbers may not.
      const numbers = new Uint32Array(patch.buffer.slice(patch.byteOffset, patch.byteOffset + patch.byteLength));
      const runs = numbers[0];
      let color = 1 + 2 * runs;
      for (let run = 0; run < runs; run++) {
        const [first, end] = [numbers[1 + 2 * run], numbers[2 + 2 * run]];
        pixels.set(numbers.subarray(color, color + end - first), first);
        color += end - first;
      }
    }
    context.putImageData(image, 0, 0);
    canvas.dataset.frame = ++frames;
    answered();
  }

  function tell() {
    const text = model.get("caption");
    caption.textContent = text;
    canvas.setAttribute("aria-label", text);
    // While a slider moves or plays, every frame has a caption of its own: only the last one is spoken.
    clearTimeout(silence);
    silence = setTimeout(() => { voice.textContent = text; }, QUIET);
  }

  function grip() {
    const handles = model.get("handles");
    canvas.dataset.drag = JSON.stringify(handles);
    canvas.classList.toggle("course-grip", handles.length > 0);
    canvas.classList.toggle("course-click", model.get("clickable"));
  }

  function place(kind, event) {
    const box = canvas.getBoundingClientRect();
    send({
      kind,
      x: (event.clientX - box.left) / box.width,
      y: (event.clientY - box.top) / box.height,
    });
  }

  function press(event) {
    if (event.button !== 0 || !(model.get("clickable") || model.get("handles").length)) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    place("press", event);
  }

  function drag(event) {
    if (canvas.hasPointerCapture(event.pointerId)) place("drag", event);
  }

  let screen;
  function watchScreen() {
    // A media query fires once when the ratio stops matching: after a zoom or a move to another screen.
    screen = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    screen.addEventListener("change", announce, { once: true });
  }

  function announce() {
    model.send({ kind: "ready", pixel_ratio: devicePixelRatio });
    watchScreen();
  }

  canvas.addEventListener("pointerdown", press);
  canvas.addEventListener("pointermove", drag);
  model.on("change", changed);
  model.on("change:caption", tell);
  model.on("change:handles", grip);
  tell();
  clearTimeout(silence); // what stands there from the start is read with the page
  grip();
  if (model.get("key").byteLength) changed();
  announce();

  function close() {
    clearTimeout(silence);
    screen.removeEventListener("change", announce);
    model.off("change", changed);
    model.off("change:caption", tell);
    model.off("change:handles", grip);
  }

  return { el, close };
}
