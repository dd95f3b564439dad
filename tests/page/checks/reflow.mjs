// Reflow: nothing is wider than the window, and nothing that is said is cut off; also with the text
// spacing that readers may set, with longer words, and from right to left.

import { DESKTOP, PHONE, painted } from "../browser.mjs";
import { equal, none } from "../rows.mjs";
import { STATES, reach } from "../states.mjs";

export const name = "reflow";
export const about = "rows 10, 12, 28: nothing sideways at 320 px, spaced, longer, right to left";

/** The windows: phones, and 1280 px at 200 % and 400 %. */
const WINDOWS = [
  { width: 320, height: 640 },
  { width: 360, height: 740 },
  { width: 640, height: 400 },
];

const SPACING = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`;

export async function run(visits, { isSmoke }) {
  const states = isSmoke ? STATES.filter((state) => state.isSmoke) : STATES;
  const rows = [];
  const first = await visits.open(PHONE);
  rows.push(...(await visits.with(first, () => folds(first))));
  for (const state of states) {
    const page = await reach(visits, state, undefined, { bypassCSP: true });
    rows.push(...(await visits.with(page, () => lookAt(page, state))));
  }
  return rows;
}

/** On a phone some cards are heads until their button is pressed; where there is room, nothing is folded. */
async function folds(page) {
  const bodies = () => {
    const all = [...document.querySelectorAll(".fold")].flatMap((one) => [...one.closest(".card").children].slice(1));
    return `${all.filter((one) => one.checkVisibility()).length} of ${all.length}`;
  };
  const folded = await page.evaluate(bodies);
  for (const one of await page.$$(".fold")) await one.click();
  const unfolded = await page.evaluate(bodies);
  for (const one of await page.$$(".fold")) await one.click();
  await page.setViewportSize(DESKTOP);
  await painted(page);
  const all = folded.split(" ").at(-1);
  return [
    equal("bodies of folded cards, on a phone", folded, `0 of ${all}`),
    equal("bodies of unfolded cards, on a phone", unfolded, `${all} of ${all}`),
    equal("bodies of the same cards, where there is room", await page.evaluate(bodies), `${all} of ${all}`),
  ];
}

async function lookAt(page, state) {
  const rows = [];
  const look = async (how, windows) => {
    for (const window of windows) {
      await page.setViewportSize(window);
      await painted(page);
      const { tooWide, among } = await page.evaluate(overflowing);
      rows.push(none(`${how}${state.name} at ${window.width}`, tooWide, among));
    }
  };
  await look("", WINDOWS);
  const style = await page.addStyleTag({ content: SPACING });
  await look("spaced: ", WINDOWS.slice(0, 1));
  await style.evaluate((element) => element.remove());
  await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
  await look("right to left: ", WINDOWS.slice(0, 1));
  await page.evaluate(() => document.documentElement.setAttribute("dir", "ltr"));
  await page.evaluate(lengthen);
  await look("longer by 40 %: ", WINDOWS.slice(0, 1));
  return rows;
}

/**
 * What sticks out of the window or of the box that hides the rest of it. Runs in the page. What scrolls
 * by itself, like a table, may be wider than its frame.
 */
function overflowing() {
  const root = document.documentElement;
  const all = [...document.querySelectorAll("body *")];
  const name = (one) => `${one.tagName.toLowerCase()}${one.id ? `#${one.id}` : ""}.${[...one.classList].join(".")}`;
  const isSeen = (one) => one.checkVisibility({ visibilityProperty: true });
  // Of the difference beside a sign, a narrow table shows the sign alone: the same way as what is hidden always.
  const isForEars = (one) => one.matches(".apart") && getComputedStyle(one).clipPath === "inset(50%)";
  const isHidden = (one) => one.closest(".visually-hidden, .skip") !== null || isForEars(one);
  const tooWide = [];
  if (root.scrollWidth > innerWidth) {
    const sticksOut = (one) => {
      const area = one.getBoundingClientRect();
      const isInside = one.parentElement?.closest(".scroll") !== null;
      return !isInside && (area.right > innerWidth + 0.5 || area.left < -0.5) && area.width > 0;
    };
    const widest = all.filter((one) => isSeen(one) && !isHidden(one) && sticksOut(one)).slice(-3).map(name);
    tooWide.push(`the page is ${root.scrollWidth - innerWidth} px too wide: ${widest.join(", ")}`);
  }
  const isCut = (one) => {
    const { overflowX, textOverflow } = getComputedStyle(one);
    const hides = overflowX === "hidden" || overflowX === "clip";
    // With an ellipsis one sees that there is more, and the whole is told elsewhere.
    return hides && textOverflow !== "ellipsis" && one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1;
  };
  const texts = all.filter((one) => isSeen(one) && !isHidden(one) && !(one instanceof SVGElement));
  tooWide.push(...texts.filter(isCut).map((one) => `${name(one)} is cut`));
  return { tooWide, among: texts.length };
}

/** Makes every word of the page longer, as another language may. Runs in the page. */
function lengthen() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (text.parentElement.closest("svg, script, noscript")) continue;
    text.data = text.data.replace(/[A-Za-z]{3,}/g, (word) => word + word.slice(0, Math.ceil(word.length * 0.4)));
  }
}
