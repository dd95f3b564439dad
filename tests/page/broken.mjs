// Shows that every check can fail: `node broken.mjs [NAME...]` breaks the page in one way after the other
// and expects the rows that are about it to fail.

import * as axe from "./checks/axe.mjs";
import * as charts from "./checks/charts.mjs";
import * as figures from "./checks/figures.mjs";
import * as keyboard from "./checks/keyboard.mjs";
import * as large from "./checks/large.mjs";
import * as media from "./checks/media.mjs";
import * as privacy from "./checks/privacy.mjs";
import * as reflow from "./checks/reflow.mjs";
import * as stability from "./checks/stability.mjs";
import * as still from "./checks/still.mjs";
import * as targets from "./checks/targets.mjs";
import * as times from "./checks/times.mjs";
import { Visits, launch } from "./browser.mjs";
import { serve } from "./server.mjs";

/** How the page is broken, by a style or by a script, and how the rows begin that must fail then. */
const BREAKS = [
  { check: times, rows: ["first paint", "verdict in words", "interactive", "first inference"], script: () => keepBusy(7_000) },
  { check: stability, rows: ["shift of the layout"], script: () => every(100, () => document.querySelector("#app")?.prepend(block(150))) },
  { check: stability, rows: ["longest task", "slowest interaction"], script: () => addEventListener("keydown", () => keepBusy(300), true) },
  { check: still, rows: ["text that is not"], script: () => addEventListener("DOMContentLoaded", () => document.querySelector("#still #arena-bytes")?.append("!")) },
  { check: still, rows: ["parts that move"], style: "#app { padding-top: 3px }" },
  { check: large, rows: ["a step to the next operator"], script: () => addEventListener("keydown", () => keepBusy(80), true) },
  { check: large, rows: ["shown after it was given"], script: () => addEventListener("change", () => keepBusy(3_000)) },
  { check: keyboard, rows: ["stops without a ring"], style: "* { outline: none !important }" },
  { check: keyboard, rows: ["stops covered"], style: "footer { position: relative } footer::after { content: ''; position: absolute; inset: 0 }" },
  { check: keyboard, rows: ["keys of #arena", "keys of #bars"], script: () => addEventListener("keydown", (event) => event.key === "End" && event.stopImmediatePropagation(), true) },
  { check: privacy, rows: ["requests elsewhere", "another host"], script: () => addEventListener("change", () => fetch("beacon?opened"), true) },
  { check: figures, rows: ["layer by layer, arena", "in patches, arena"], script: () => every(10, () => document.querySelector("#run-arena")?.setAttribute("data-bytes", "1")) },
  { check: charts, rows: ["smallest text"], style: ".stage-box text { font-size: 8px !important }" },
  { check: charts, rows: ["labels on labels"], style: ".stage-box text { font-size: 40px !important }" },
  { check: media, rows: ["forced colours: colours"], style: ".swatch { forced-color-adjust: auto !important }" },
  { check: media, rows: ["moving under reduced motion"], style: "@keyframes sway { to { opacity: 0.5 } } h1 { animation: sway 1s infinite }" },
  { check: media, rows: ["print: buttons", "print: px wider", "print: pages of the sheet, A4"], style: "#app { display: block !important } button { display: block !important; width: 900px }" },
  { check: media, rows: ["print: hatches that differ"], script: () => addEventListener("beforeprint", () => setTimeout(() => document.querySelectorAll("#sheet pattern path").forEach((one) => one.setAttribute("d", "M0 0")))) },
  { check: targets, rows: ["under 24 px", "primary under 44 px"], style: "button { min-height: 0 !important; height: 16px }" },
  { check: reflow, rows: ["first at 320", "gallery at 320"], style: "h2 { min-width: 700px }" },
  { check: reflow, rows: ["first at 320"], style: ".card { overflow: hidden } h2 { min-width: 700px }" },
  { check: reflow, rows: ["bodies of folded cards, on a phone"], style: ".foldable > :not(.head, a) { display: block !important }" },
  { check: reflow, rows: ["spaced: first"], style: ".note { white-space: nowrap; font-size: 4px } body { overflow-x: visible }" },
  { check: axe, rows: ["violations, first"], script: () => every(100, () => document.images.length > 0 && document.images[0].removeAttribute("alt")) },
];

/** What the scripts above are made of. Runs in the page before they do. */
function tools() {
  globalThis.keepBusy = (ms) => {
    for (const end = performance.now() + ms; performance.now() < end; );
  };
  globalThis.every = (ms, act) => setInterval(act, ms);
  globalThis.block = (px) => {
    const block = document.createElement("div");
    block.style.height = `${px}px`;
    return block;
  };
}

/** Adds a style as soon as there is a root to add it to. Runs in the page. */
function addStyle(text) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** Visits to a page that is broken. */
class BrokenVisits extends Visits {
  constructor(browser, address, { style, script }) {
    super(browser, address);
    Object.assign(this, { style, script });
  }

  async blank(window, options = {}) {
    const page = await super.blank(window, { bypassCSP: true, ...options });
    await page.addInitScript(tools);
    if (this.style) await page.addInitScript(addStyle, this.style);
    if (this.script) await page.addInitScript(this.script);
    return page;
  }
}

async function main() {
  const names = process.argv.slice(2);
  const site = await serve();
  const browser = await launch();
  let n_unseen = 0;
  for (const broken of BREAKS.filter(({ check }) => names.length === 0 || names.includes(check.name))) {
    const visits = new BrokenVisits(browser, site.address, broken);
    const rows = await broken.check.run(visits, { isSmoke: true }).catch((error) => [{ what: "error", passes: false, detail: String(error) }]);
    const fails = (start) => rows.some((row) => row.what.startsWith(start) && !row.passes);
    const unseen = broken.rows.filter((start) => !fails(start));
    n_unseen += unseen.length;
    const how = broken.style ?? broken.script.toString();
    console.log(`${unseen.length === 0 ? "seen  " : "UNSEEN"}  ${broken.check.name}: ${how}`);
    for (const start of unseen) console.log(`        "${start}" does not fail: ${JSON.stringify(rows.filter(({ what }) => what === "error" || what.startsWith(start)))}`);
  }
  await browser.close();
  await site.close();
  console.log(n_unseen === 0 ? "every break is seen" : `${n_unseen} rows see nothing`);
  return n_unseen === 0 ? 0 : 1;
}

process.exitCode = await main();
