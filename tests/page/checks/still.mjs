// The text in the page's HTML against the page that takes its place.

import { DESKTOP, PHONE, TABLET, answered } from "../browser.mjs";
import { atMost, equal, none } from "../rows.mjs";

export const name = "still";
export const about = "row 24: the text without a script is what the page shows; nothing moves when it takes over";

/** What differs, and must: the browser's kernels, the run that begins, closed sheets, rows of the graph, drawings (by their words below). */
const LEFT_OUT = "#graph-tree, #kernel-set, #kernels, footer > p:last-child, #run, .run .progress, #starting, dialog, .stage-box > *, .seen canvas, .seen img";

/** Parts of the page whose place is compared: down to the run, whose progress is there when it begins. */
const PARTS = ["header.top", "#verdict", ".facts", ".controls", "#arena", "#bars", "#inspector", "#run-title"];

export async function run(visits, { isSmoke }) {
  const windows = isSmoke ? [DESKTOP] : [DESKTOP, TABLET, PHONE, { width: 320, height: 640 }];
  const rows = [await withoutScripts(visits)];
  for (const window of windows) {
    const at = `at ${window.width} px`;
    const still = await seen(visits, window, true);
    const live = await seen(visits, window, false);
    const n_lines = Math.max(still.lines.length, live.lines.length);
    const parted = [...Array(n_lines).keys()].filter((index) => still.lines[index] !== live.lines[index]);
    const words = parted.map((index) => `"${still.lines[index]}" is "${live.lines[index]}"`);
    const moved = PARTS.filter((css) => still.places[css] !== live.places[css]);
    const places = moved.map((css) => `${css} from ${still.places[css]} to ${live.places[css]}`);
    rows.push(none(`text that is not the page's, ${at}`, words, n_lines));
    rows.push(none(`parts that move, ${at}`, places, PARTS.length));
    // The text's charts are drawn for these two; at other widths there is room for fewer or more of their labels.
    if ([DESKTOP, PHONE].includes(window)) rows.push(equal(`words of the arena as drawn, ${at}`, still.chart === live.chart, true));
    rows.push(atMost(`shift of the layout, ${at}`, live.shift, 0.02, ""));
  }
  return rows;
}

/** Who allows no script reads the verdict, and why there is no more. */
async function withoutScripts(visits) {
  const page = await visits.blank(PHONE, { javaScriptEnabled: false });
  return visits.with(page, async () => {
    await page.goto(visits.address);
    const css = ["#still #verdict .sentence", "#still #operators-table tbody tr", "noscript p"];
    const shown = await Promise.all(css.map((one) => page.locator(one).first().isVisible()));
    return none("hidden from those without scripts", css.filter((_, index) => !shown[index]), css.length);
  });
}

/** Words, places and the chart's words: of the text while no code comes, else of the page as it takes over. */
async function seen(visits, window, isStill) {
  const page = await visits.blank(window, { mayComplain: isStill });
  return visits.with(page, async () => {
    if (isStill) await page.route("**/boot.js", (route) => route.abort());
    await page.addInitScript(watch, { isStill, leftOut: LEFT_OUT, parts: PARTS });
    await page.goto(visits.address);
    if (isStill) await page.waitForSelector("#still #verdict");
    else await answered(page);
    return page.evaluate(() => ({ ...globalThis.look(), shift: globalThis.shift }));
  });
}

/** Keeps how the page is when it takes over, before that is painted. Runs in the page before its scripts. */
function watch({ isStill, leftOut, parts }) {
  const read = (root) => {
    const placeOf = (css) => {
      const { x, y, width, height } = root.querySelector(css).getBoundingClientRect();
      return [x, y, width, height].map((px) => Math.round(px * 10) / 10).join(" ");
    };
    const places = Object.fromEntries(parts.map((css) => [css, placeOf(css)]));
    const copy = root.cloneNode(true);
    for (const one of copy.querySelectorAll(leftOut)) one.remove();
    copy.normalize();
    const lines = [];
    const walker = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) lines.push(walker.currentNode.data.trim());
    return { lines: lines.filter(Boolean), places };
  };
  const draw = (root) => {
    const isShown = (text) => getComputedStyle(text.closest("svg")).display !== "none";
    const chart = [...root.querySelectorAll("#arena text")].filter(isShown).map((text) => text.textContent);
    return { chart: chart.sort().join(" ") };
  };
  globalThis.shift = 0;
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) globalThis.shift += value;
  }).observe({ type: "layout-shift", buffered: true });
  if (isStill) {
    globalThis.look = () => ({ ...read(document.getElementById("still")), ...draw(document) });
    return;
  }
  let taken;
  let drawn;
  globalThis.look = () => ({ ...taken, ...drawn });
  new MutationObserver(() => {
    const app = document.getElementById("app");
    if (app?.querySelector("#operators-table tbody tr")) taken ??= read(app);
    if (app?.querySelector("#arena svg .block")) drawn ??= draw(app);
  }).observe(document, { subtree: true, childList: true });
}
