// The text of charts, drawn in SVG and on canvases: large enough, and no label on another.

import { DESKTOP, PHONE, answered, painted, walked } from "../browser.mjs";
import { atLeast, none } from "../rows.mjs";
import { STATES } from "../states.mjs";

export const name = "charts";
export const about = "rows 11, 11b: chart text of 11 px at least, no label over another";

const SHOWN = ["first", "patches", "compared", "planners", "placement"];

export async function run(visits, { isSmoke }) {
  const rows = [];
  const shown = isSmoke ? SHOWN.slice(0, 2) : SHOWN;
  for (const state of STATES.filter((state) => shown.includes(state.name))) {
    const page = await visits.blank(DESKTOP, { deviceScaleFactor: 2 });
    await visits.with(page, async () => {
      await page.addInitScript(watchCanvases);
      await page.goto(visits.address + (state.fragment ?? ""));
      await answered(page);
      await state.reach(page);
      for (const window of [{ width: 320, height: 640 }, PHONE, DESKTOP]) {
        await page.setViewportSize(window);
        await painted(page);
        await walked(page);
        const texts = await page.evaluate(chartTexts);
        const smallest = texts.reduce((least, one) => (one.px < least.px ? one : least), { px: Infinity });
        const where = `${state.name} at ${window.width}`;
        rows.push(atLeast(`smallest text, ${where}`, smallest.px, 11, "px", `${smallest.text}`));
        rows.push(none(`labels on labels, ${where}`, collisions(texts), texts.length));
      }
    });
  }
  return rows;
}

/**
 * Notes what is written on canvases, in places of the window. Runs in the page before its scripts; a
 * canvas that gets a new size, or is wiped, starts anew.
 */
function watchCanvases() {
  globalThis.written = new Map();
  const drawing = CanvasRenderingContext2D.prototype;
  const { fillText, clearRect } = drawing;
  drawing.clearRect = function (...area) {
    globalThis.written.delete(this.canvas);
    return clearRect.apply(this, area);
  };
  for (const side of ["width", "height"]) {
    const { get, set } = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, side);
    Object.defineProperty(HTMLCanvasElement.prototype, side, {
      get,
      set(value) {
        globalThis.written.delete(this);
        set.call(this, value);
      },
    });
  }
  drawing.fillText = function (text, x, y, ...rest) {
    const box = this.measureText(text);
    const place = this.getTransform();
    const corners = [
      [x - box.actualBoundingBoxLeft, y - box.actualBoundingBoxAscent],
      [x + box.actualBoundingBoxRight, y + box.actualBoundingBoxDescent],
    ].map(([x, y]) => place.transformPoint({ x, y }));
    const scale = Math.hypot(place.a, place.b);
    const entry = { text, px: parseFloat(/([\d.]+)px/.exec(this.font)[1]) * scale, corners };
    const list = globalThis.written.get(this.canvas) ?? [];
    globalThis.written.set(this.canvas, [...list, entry]);
    return fillText.call(this, text, x, y, ...rest);
  };
}

/** Every text of a chart with its size on the screen and its box. Runs in the page. */
function chartTexts() {
  const texts = [];
  for (const [canvas, list] of globalThis.written) {
    if (!canvas.isConnected || !canvas.checkVisibility()) continue;
    const area = canvas.getBoundingClientRect();
    const scale = area.width / canvas.width;
    for (const { text, px, corners } of list) {
      const [left, right] = corners.map(({ x }) => area.left + x * scale).sort((a, b) => a - b);
      const [top, bottom] = corners.map(({ y }) => area.top + y * scale).sort((a, b) => a - b);
      texts.push({ text, px: px * scale, left, right, top, bottom, chart: canvas.parentElement.id });
    }
  }
  for (const one of document.querySelectorAll("svg text")) {
    if (!one.checkVisibility() || one.textContent.trim() === "") continue;
    const { left, right, top, bottom } = one.getBoundingClientRect();
    const scale = one.getScreenCTM().a;
    const px = parseFloat(getComputedStyle(one).fontSize) * scale;
    const chart = one.closest(".stage-box")?.id ?? "svg";
    texts.push({ text: one.textContent, px, left, right, top, bottom, chart });
  }
  return texts;
}

/** Labels of one chart that lie on each other. The same words twice at one place are one label. */
function collisions(texts) {
  const found = [];
  texts.forEach((one, index) => {
    for (const other of texts.slice(index + 1)) {
      const isSame = one.text === other.text && Math.abs(one.left - other.left) < 2;
      const overlaps =
        one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 2 && other.top < one.bottom - 2;
      if (one.chart === other.chart && overlaps && !isSame) found.push(`${one.chart}: ${one.text} on ${other.text}`);
    }
  });
  return found;
}
