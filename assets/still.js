// What is done before the page has started. The build puts what the page shows at first sight into the HTML
// (#still), and its address into this script's attribute; the page takes its place as soon as it shows the same
// (data-over) and its charts are drawn.
// What is clicked, typed or dropped until then is kept and done there. This runs before the text is shown, so that
// no address with other settings shows the figures of the first sight.
(() => {
  const { fragment } = document.currentScript.dataset;
  const root = document.documentElement;
  if (location.hash.length > 1 && location.hash.slice(1) !== fragment) return root.classList.add("elsewhere");
  const kept = [];
  let isStarted = false;
  let focused;
  let typed;
  const still = () => document.getElementById("still");
  const tell = (words) => (document.getElementById("starting").textContent = words);

  /** Where an element is: by its id, else by its numbers among those around it. */
  const placeOf = (element) => {
    const path = [];
    for (let one = element; one !== still(); one = one.parentElement) {
      path.unshift([...one.parentElement.children].indexOf(one));
    }
    return { id: element.id, name: element.tagName, words: element.textContent, path };
  };
  /** The page's element there; nothing where it has another one. */
  const find = ({ id, name, words, path }) => {
    const app = document.getElementById("app");
    const found = id ? document.getElementById(id) : path.reduce((one, at) => one?.children[at], app);
    // Whoever has no id is known by its words as well: what was done meanwhile may have moved others there.
    return found?.tagName === name && (id || found.textContent === words) ? found : undefined;
  };
  const keep = (element, act) => {
    kept.push({ place: placeOf(element), act });
    tell("Still starting: this is done in a moment.");
  };
  /** A file opens as soon as the page can take it, as if it were dropped there. */
  const give = (file) => {
    if (!file) return;
    tell("Still starting: the file is opened in a moment.");
    const drop = () => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(file);
      dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
    };
    if (isStarted) drop();
    else addEventListener("started", drop, { once: true });
  };

  const onclick = (event) => {
    const { target, clientX, clientY } = event;
    const element = target.closest("button, summary, tr[data-operator], [role=application]");
    if (!element) return;
    if (element.type === "submit") event.preventDefault();
    // Browsers let a page ask for a file only while a click is fresh.
    if (element.matches(".open button")) return document.getElementById("open-file").click();
    const before = element.getBoundingClientRect();
    keep(element, (live) => {
      const { x, y } = live.getBoundingClientRect();
      const place = { clientX: clientX - before.x + x, clientY: clientY - before.y + y };
      live.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ...place }));
    });
  };
  const onchange = ({ target }) => {
    const { files, type, value } = target;
    typed = undefined;
    if (files) return give(files[0]);
    keep(target, (live) => {
      if (type === "radio" || type === "checkbox") return live.click();
      live.value = value;
      live.dispatchEvent(new Event("change", { bubbles: true }));
    });
  };
  const oninput = ({ target }) => (typed = { place: placeOf(target), value: target.value });
  const onkeydown = (event) => {
    const { target, key, ctrlKey, metaKey, altKey } = event;
    const isWalk = /^(Arrow|Home|End)/.test(key) && target.closest("[role=toolbar]");
    const isInChart = isWalk || (target.matches("[role=application]") && key !== "Tab");
    const isTyped = target.matches("input:not([type=radio], [type=checkbox]), select");
    const isCommand = ctrlKey || metaKey ? key === "k" : isInChart || (key.length === 1 && key !== " " && !isTyped);
    if (altKey || !isCommand || !still()) return;
    event.preventDefault();
    event.stopPropagation();
    const again = new KeyboardEvent("keydown", { key, ctrlKey, metaKey, bubbles: true, cancelable: true });
    if (isInChart) keep(target, (live) => live.dispatchEvent(again));
    else keep(still().firstElementChild, () => dispatchEvent(again));
  };
  const ondrop = (event) => {
    event.preventDefault();
    if (event.type === "drop" && event.isTrusted && !isStarted) give(event.dataTransfer.files[0]);
  };

  const handlers = { click: onclick, change: onchange, input: oninput };
  const heard = (event) => still()?.contains(event.target) && handlers[event.type](event);
  for (const type in handlers) document.addEventListener(type, heard);
  const onfocus = ({ target }) => (focused = still()?.contains(target) ? placeOf(target) : undefined);
  document.addEventListener("focusin", onfocus);
  addEventListener("keydown", onkeydown, true);
  for (const type of ["dragover", "drop"]) addEventListener(type, ondrop, true);

  const follow = async () => {
    const field = typed && find(typed.place);
    if (field) field.value = typed.value;
    for (const { place, act } of kept) {
      const live = find(place);
      if (live) act(live);
      // The page answers before the next one.
      await new Promise((done) => setTimeout(done));
    }
  };
  const stop = () => {
    for (const type in handlers) document.removeEventListener(type, heard);
    document.removeEventListener("focusin", onfocus);
    removeEventListener("keydown", onkeydown, true);
    for (const type of ["dragover", "drop"]) removeEventListener(type, ondrop, true);
  };
  const end = () => {
    stop();
    // At once: a Tab that comes now goes on from there, not from the top of the page.
    if (focused) find(focused)?.focus({ preventScroll: true });
    setTimeout(follow);
  };
  // The page says why; nothing that is done here will ever be done.
  addEventListener("failed", stop);
  addEventListener("started", () => (isStarted = true));
  addEventListener("DOMContentLoaded", () => {
    if (!still()) return end();
    new MutationObserver((_, observer) => {
      const drawn = ["#app #arena svg .block", "#app #bars canvas[width]"];
      if (still()?.matches("[data-over]") && drawn.every((css) => document.querySelector(css))) still().remove();
      if (still()) return;
      observer.disconnect();
      end();
    }).observe(document.body, { childList: true, subtree: true, attributeFilter: ["data-over", "width"] });
  });
})();
