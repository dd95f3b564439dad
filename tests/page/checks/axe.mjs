// axe-core in every state, both colour schemes, at every width.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { DESKTOP, PHONE, TABLET, painted } from "../browser.mjs";
import { none } from "../rows.mjs";
import { STATES, reach } from "../states.mjs";

const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * What axe may leave undecided: the rule, the elements by how they begin, and why that is in order.
 * Anything else that it cannot decide is a failure, so that somebody looks.
 */
const UNDECIDED = [
  // Text over drawings, over gradients and in scrolled rows; the tokens' ratios are a unit test.
  { rule: "color-contrast", element: /^/ },
  // Buttons with a sign instead of words, which is hidden from those who hear the page.
  { rule: "label-content-name-mismatch", element: /^<button [^>]*class="square"/ },
];

const isKnown = (rule) => (node) => UNDECIDED.some((one) => one.rule === rule && one.element.test(node.html));

const isNew = ({ id, nodes }) => !nodes.every(isKnown(id));

export const name = "axe";
export const about = "rows 1, 2: axe, no violation, nothing new undecided";

export async function run(visits, { isSmoke }) {
  const states = isSmoke ? STATES.filter((state) => state.isSmoke) : STATES;
  const widths = isSmoke ? [PHONE, DESKTOP] : [PHONE, TABLET, DESKTOP];
  const rows = [];
  for (const state of states) {
    // The page's policy lets nobody add a script; axe is the one that may.
    const page = await reach(visits, state, DESKTOP, { bypassCSP: true });
    rows.push(...(await visits.with(page, () => lookAt(page, state, widths))));
  }
  return rows;
}

async function lookAt(page, state, widths) {
  const violations = [];
  const undecided = [];
  let n_looks = 0;
  await page.evaluate(SOURCE);
  for (const window of widths) {
    for (const colorScheme of ["light", "dark"]) {
      await page.setViewportSize(window);
      await page.emulateMedia({ colorScheme });
      await painted(page);
      const look = (values) => globalThis.axe.run(document, { runOnly: { type: "tag", values } });
      let found = await page.evaluate(look, TAGS);
      if (found.incomplete.some(isNew)) {
        // What is drawn anew while axe looks it cannot decide: once more, when that is over.
        await painted(page);
        found = await page.evaluate(look, TAGS);
      }
      const words = ({ id, nodes }) =>
        `${window.width} ${colorScheme}: ${id} at ${nodes.map((node) => node.target).slice(0, 3).join(", ")}`;
      const unknown = ({ id, nodes }) => ({ id, nodes: nodes.filter((node) => !isKnown(id)(node)) });
      violations.push(...found.violations.map(words));
      undecided.push(...found.incomplete.map(unknown).filter(({ nodes }) => nodes.length > 0).map(words));
      n_looks += 1;
    }
  }
  return [
    none(`violations, ${state.name}`, violations, n_looks),
    none(`new undecided, ${state.name}`, undecided, n_looks),
  ];
}
