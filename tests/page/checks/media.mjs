// What readers ask of their system: forced colours, more contrast, less motion; and paper.

import { DESKTOP, painted } from "../browser.mjs";
import { atLeast, atMost, equal, none } from "../rows.mjs";
import { STATES, reach } from "../states.mjs";

export const name = "media";
export const about = "rows 13, 14, 29: forced colours, reduced motion, print";

export async function run(visits, { isSmoke }) {
  const forced = await visits.open(DESKTOP, "", { forcedColors: "active" });
  const rows = await visits.with(forced, () => forcedColours(forced));
  rows.push(...(await motion(visits, isSmoke)));
  const printed = await visits.open(DESKTOP);
  rows.push(...(await visits.with(printed, () => print(printed))));
  return rows;
}

/** The swatches of legends stay as different as their families. */
async function forcedColours(page) {
  const colours = () => {
    const swatches = [...document.querySelectorAll(".legend .swatch")];
    const key = (one) => getComputedStyle(one).backgroundColor;
    const pairs = swatches.map((one) => [one.className, key(one)]);
    return { families: new Set(pairs.map(([name]) => name)).size, colours: new Set(pairs.map(([, key]) => key)).size };
  };
  const seen = await page.evaluate(colours);
  const limits = () => {
    const line = document.querySelector("#arena line.budget");
    return line === null ? "none" : getComputedStyle(line).strokeDasharray;
  };
  return [
    equal("forced colours: colours of the legend", seen.colours, seen.families),
    atLeast("forced colours: families of the legend", seen.families, 3, ""),
    equal("forced colours: the limit is dashed", await page.evaluate(limits) !== "none", true),
  ];
}

/** Under reduced motion nothing moves 0.3 s after anything was done. */
async function motion(visits, isSmoke) {
  const rows = [];
  const states = isSmoke ? STATES.filter((state) => state.isSmoke) : STATES;
  const moving = async () => {
    await new Promise((later) => setTimeout(later, 300));
    const running = document.getAnimations().filter((one) => one.playState === "running");
    return running.map((one) => one.animationName ?? one.transitionProperty ?? "an animation");
  };
  for (const state of states) {
    const page = await reach(visits, state, DESKTOP, { reducedMotion: "reduce" });
    const running = await visits.with(page, () => page.evaluate(moving));
    rows.push(atMost(`moving under reduced motion, ${state.name}`, running.length, 0, "", running.join(", ")));
  }
  return rows;
}

/** On paper: one sheet, nothing sticks out, no buttons, families differ without colours, and text stays text. */
async function print(page) {
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  // A4 without its margins, at 96 px an inch.
  await page.setViewportSize({ width: 718, height: 1047 });
  await painted(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  // Links, and the heads of a table, are words on paper.
  const isSeen = () =>
    [...document.querySelectorAll("button:not(.link, .sort)")].filter((one) => one.checkVisibility()).map((one) => one.textContent);
  const n_buttons = await page.$$eval("button", (all) => all.length);
  const hatches = () => {
    const lines = [...document.querySelectorAll("#sheet pattern[id^=hatch] path")].map((one) => one.getAttribute("d"));
    return { all: lines.length, distinct: new Set(lines).size };
  };
  const { all, distinct } = await page.evaluate(hatches);
  const papers = ["A4", "Letter"];
  const printed = [];
  for (const format of papers) {
    for (const landscape of [false, true]) {
      printed.push((await page.pdf({ format, landscape })).toString("latin1"));
    }
  }
  const pages = printed.map((pdf) => Number(/\/Type\s*\/Pages[^>]*\/Count (\d+)/.exec(pdf)?.[1] ?? Number.NaN));
  return [
    atLeast("print: hatches of families and of what is over", all, 6, ""),
    equal("print: hatches that differ", distinct, all),
    atMost("print: px wider than the paper", wide, 0, "px"),
    none("print: buttons", await page.evaluate(isSeen), n_buttons),
    ...papers.flatMap((paper, place) => [
      atMost(`print: pages of the sheet, ${paper}`, pages[2 * place], 1, ""),
      atMost(`print: pages of the sheet, ${paper} landscape`, pages[2 * place + 1], 1, ""),
    ]),
    equal("print: text is text", printed.every((pdf) => /\/ToUnicode/.test(pdf)), true),
  ];
}
