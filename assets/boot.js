// Starts the page's WebAssembly module, which the build names in this script's attributes, and says what is
// wrong when it does not start. Until it has, the text that was made when the page was built stands in #still:
// what is done there is kept, and done in the page that takes its place. A classic script, because only those
// know their own element.
(() => {
  const { js, wasm } = document.currentScript.dataset;
  const at = (path) => new URL(path, document.baseURI).href;
  const app = document.getElementById("app");
  const still = document.getElementById("still");
  const line = document.createElement("p");
  Object.assign(line, { id: "starting", role: "status" });
  const kept = [];
  let focused;

  const start = async () => {
    if (typeof WebAssembly !== "object") throw new Error("this browser has no WebAssembly");
    const { default: init } = await import(at(js));
    await init({ module_or_path: at(wasm) });
  };

  /** Where an element of the text is: by its id, else by its numbers among those around it. */
  const placeOf = (element) => {
    const path = [];
    for (let one = element; one !== still; one = one.parentElement) {
      path.unshift([...one.parentElement.children].indexOf(one));
    }
    return { id: element.id, name: element.tagName, path };
  };
  /** The same element of the page; null where another one is there. */
  const find = ({ id, name, path }) => {
    const found = id ? document.getElementById(id) : path.reduce((one, n) => one?.children[n], app);
    return found?.tagName === name ? found : null;
  };
  const keep = (element, act) => {
    kept.push({ place: placeOf(element), act });
    line.textContent = "Still starting: this is done in a moment.";
  };

  const clicked = ({ target, clientX, clientY }) => {
    const element = target.closest("button, summary, tr[data-operator], [role=application]");
    if (!element) return;
    // Only now does the browser let a page ask for a file.
    if (element.matches(".open button")) return still.querySelector("input[type=file]").click();
    const { x, y } = element.getBoundingClientRect();
    keep(element, (live) => {
      const box = live.getBoundingClientRect();
      const [right, down] = [box.x + clientX - x, box.y + clientY - y];
      live.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, clientX: right, clientY: down }));
    });
  };
  const changed = ({ target }) => {
    const { files, type, value } = target;
    if (files) return files[0] && give(files[0]);
    keep(target, (live) => {
      if (type === "radio" || type === "checkbox") return live.click();
      live.value = value;
      live.dispatchEvent(new Event("change", { bubbles: true }));
    });
  };
  const pressed = (event) => {
    const { target, key, ctrlKey, metaKey, altKey } = event;
    const isInChart = target.matches("[role=application]") && key !== "Tab";
    const isLetter = key.length === 1 && key !== " " && !target.matches("input:not([type=radio], [type=checkbox]), select");
    if (ctrlKey || metaKey || altKey || !(isInChart || isLetter)) return;
    event.preventDefault();
    event.stopPropagation();
    const again = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    if (still.contains(target)) keep(target, (live) => live.dispatchEvent(again));
    else keep(still.firstElementChild, () => window.dispatchEvent(again));
  };

  /** A file opens as soon as the page's code is there, as if it were dropped on the page. */
  let isThere;
  const code = new Promise((there) => (isThere = there));
  const give = async (file) => {
    line.textContent = "Still starting: the file is opened in a moment.";
    await code;
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(file);
    window.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
  };
  const dropped = (event) => {
    event.preventDefault();
    event.stopPropagation();
    const file = event.type === "drop" && event.dataTransfer.files[0];
    if (file) give(file);
  };

  const followed = async () => {
    if (focused) find(focused)?.focus({ preventScroll: true });
    for (const { place, act } of kept) {
      const live = find(place);
      if (live) act(live);
      // The page has answered before the next one.
      await new Promise((done) => setTimeout(done));
    }
  };

  const { hash } = location;
  if (still && (hash.length < 2 || hash.slice(1) === still.dataset.fragment)) {
    still.append(line);
    still.addEventListener("click", clicked);
    still.addEventListener("change", changed);
    still.addEventListener("focusin", ({ target }) => (focused = placeOf(target)));
    still.addEventListener("focusout", () => still.isConnected && (focused = undefined));
    window.addEventListener("keydown", pressed, true);
    for (const type of ["dragover", "drop"]) {
      window.addEventListener(type, dropped, true);
      code.then(() => window.removeEventListener(type, dropped, true));
    }
    new MutationObserver((_, observer) => {
      if (still.isConnected) return;
      observer.disconnect();
      window.removeEventListener("keydown", pressed, true);
      setTimeout(followed);
    }).observe(document.body, { childList: true });
  } else {
    // The text is that of the first sight, and the address asks for another.
    still?.remove();
    app.hidden = false;
  }
  start().then(isThere, (error) => {
    console.error(error);
    const words = `The page could not start: ${error.message ?? error}. Reloading may help.`;
    for (const place of [line, document.getElementById("boot")]) if (place) place.textContent = words;
  });
})();
