// A model of a thousand operators: shown at once, and stepped through without delay.

import { DESKTOP, painted, tells } from "../browser.mjs";
import { chain } from "../chain.mjs";
import { atMost, equal, median } from "../rows.mjs";

export const name = "large";
export const about = "row 26: 1,000 operators, shown in 1 s, a step in 16 ms";

const N_OPERATORS = 1_000;
/** The first few run before the browser has compiled the page for speed. */
const N_STEPS = 15;

export async function run(visits, { isSmoke }) {
  const allowed = isSmoke ? 2 : 1;
  const page = await visits.open(DESKTOP);
  return visits.with(page, async () => {
    const file = { name: "chain.tflite", mimeType: "", buffer: chain(N_OPERATORS) };
    await page.evaluate(() => {
      const look = () => {
        const n_rows = Number(document.querySelector("#operators-table")?.ariaRowCount);
        const isListed = document.querySelector("#graph-tree [role=treeitem]") !== null;
        if (n_rows > 900 && isListed && document.querySelector("#arena svg rect")) globalThis.shown ??= performance.now();
      };
      new MutationObserver(look).observe(document, { subtree: true, childList: true, attributeFilter: ["aria-rowcount"] });
      document.querySelector("#open-file").addEventListener("change", () => {
        globalThis.given = performance.now();
      }, { capture: true });
    });
    await page.setInputFiles("#open-file", file);
    await tells(page, "#model", "chain.tflite");
    await page.waitForFunction(() => globalThis.shown !== undefined);
    await painted(page);
    const shown = await page.evaluate(() => globalThis.shown - globalThis.given);
    const n_rows = await page.$eval("#operators-table", (table) => Number(table.ariaRowCount) - 1);
    // Only what is in view is in the document.
    const n_drawn = await page.$$eval("#operators-table tbody tr, [role=treeitem]", (all) => all.length);
    // From the first operator on, so that each step has a next one.
    await page.focus("#bars");
    await page.keyboard.press("Home");
    await tells(page, "#inspector-title", "#0 ");
    await painted(page);
    const steps = [];
    for (let step = 0; step < N_STEPS; step += 1) {
      steps.push(await page.evaluate(timeStep));
      await painted(page);
    }
    const spread = steps.map((ms) => ms.toFixed(1)).join(", ");
    return [
      equal("rows of the table", n_rows, N_OPERATORS),
      atMost("rows of table and graph in the document", n_drawn, 150, ""),
      atMost("shown after it was given", shown, 1_000 * allowed, "ms"),
      atMost("a step to the next operator", median(steps), 16 * allowed, "ms", spread),
    ];
  });
}

/**
 * The time from a key until the page has changed and is laid out again, without the wait for the next
 * frame. Runs in the page.
 */
async function timeStep() {
  const inspector = document.querySelector("#inspector");
  const shown = () => document.querySelector("#inspector-title").textContent;
  const before = shown();
  let changed;
  const until = new Promise((done) => {
    changed = new MutationObserver(() => shown() !== before && done());
    changed.observe(inspector, { subtree: true, childList: true, characterData: true });
  });
  const start = performance.now();
  window.dispatchEvent(new KeyboardEvent("keydown", { key: "]", bubbles: true }));
  await until;
  document.body.getBoundingClientRect();
  const took = performance.now() - start;
  changed.disconnect();
  return took;
}
