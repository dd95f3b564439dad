// The page without a pointer: the walk by Tab, the main task, the keys of charts, the switch of letters.

import { DESKTOP, answered, tells } from "../browser.mjs";
import { atMost, equal, none } from "../rows.mjs";
import { UNTRAINED } from "../states.mjs";

export const name = "keyboard";
export const about = "rows 5, 6, 7: everything by keyboard, focus seen, letters off";

/** More stops than any page has: a walk that long is a trap. */
const MOST_STOPS = 200;

export async function run(visits) {
  const first = await visits.open(DESKTOP);
  const walked = await visits.with(first, () => walk(first));
  const second = await visits.open(DESKTOP);
  const task = await visits.with(second, () => mainTask(second));
  const third = await visits.open(DESKTOP, UNTRAINED);
  const keys = await visits.with(third, () => chartKeys(third));
  return [...walked, ...task, ...keys];
}

/** What the focus is on: whether one sees it, and what lies on it. Runs in the page. */
function focused() {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const isRinged = (one) => {
    const style = one && getComputedStyle(one);
    return Boolean(style) && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const area = (element.closest("label") ?? element).getBoundingClientRect();
  const isInView =
    area.bottom > 0 && area.top < innerHeight && area.right > 0 && area.left < innerWidth;
  const inside = (low, high, most) => Math.min(Math.max((low + high) / 2, low + 1, 1), most - 2);
  const x = inside(area.left, area.right, innerWidth);
  const y = inside(Math.max(area.top, 0), Math.min(area.bottom, innerHeight), innerHeight);
  const hit = document.elementFromPoint(x, y);
  const label = element.closest("label");
  const isHit = hit && [element, label].some((one) => one?.contains(hit));
  const words = element.getAttribute("aria-label") ?? (element.closest("label") ?? element).textContent;
  return {
    name: `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ""} "${words.trim().slice(0, 24)}"`,
    isRinged: isRinged(element) || isRinged(element.closest("label")),
    isInView,
    isHit: Boolean(isHit),
    isInFooter: element.closest("footer") !== null,
  };
}

async function walk(page) {
  const stops = [];
  while (stops.length < MOST_STOPS) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(focused);
    // Past the last stop the focus goes to the browser itself.
    if (stop === null) break;
    stops.push(stop);
  }
  const names = (offends) => stops.filter(offends).map((stop) => stop.name);
  const footer = stops.findIndex((stop) => stop.isInFooter);
  return [
    none("stops without a ring of 2 px", names((stop) => !stop.isRinged), stops.length),
    none("stops out of view", names((stop) => !stop.isInView), stops.length),
    none("stops covered by others", names((stop) => !stop.isHit), stops.length),
    atMost("stops of the whole walk", stops.length, MOST_STOPS - 1, "", "a trap has no end"),
    atMost("stops until the footer", footer < 0 ? Infinity : footer + 1, 25, ""),
  ];
}

/** Presses Tab until the focus is on what `css` names. */
async function tabTo(page, css) {
  for (let n_stops = 0; n_stops < MOST_STOPS; n_stops += 1) {
    if (await page.evaluate((css) => document.activeElement?.matches(css), css)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`no Tab leads to ${css}`);
}

/** Opens a sample, plans it in patches, goes to the peak, and has a link that shows all that. */
async function mainTask(page) {
  await tabTo(page, "#samples");
  await page.keyboard.press("Enter");
  await tabTo(page, "[data-open=mobilenet_v2_035_96]");
  await page.keyboard.press("Enter");
  await tells(page, "#model", "mobilenet_v2_035_96");
  await answered(page);
  await tabTo(page, "#try-patches");
  await page.keyboard.press("Enter");
  await tells(page, "#verdict", "Fits: ");
  const verdict = await page.textContent("#verdict");
  await tabTo(page, "#peak-operator");
  await page.keyboard.press("Enter");
  const peak = await page.textContent("#peak-operator");
  const number = /#\d+/.exec(peak)?.[0];
  await tells(page, "#inspector-title", number);
  const hash = new URL(page.url()).hash;
  await page.reload();
  await answered(page);
  return [
    equal("main task by keyboard: the link shows it", (await page.textContent("#verdict")) === verdict, true),
    equal("main task by keyboard: the link has the plan", /plan=patch/.test(hash), true),
  ];
}

async function chartKeys(page) {
  const rows = [];
  const selected = () => page.textContent("#inspector-title");
  const n_operators = await page.$$eval("#operators-table tbody tr", (all) => all.length);
  const peak = /#\d+/.exec(await page.textContent("#peak-operator"))[0];
  // Each key with what the inspector must show after it.
  const expected = [["Home", "#0"], ["ArrowRight", "#1"], ["ArrowLeft", "#0"], ["End", `#${n_operators - 1}`], ["p", peak]];
  for (const chart of ["#arena", "#bars", "#graph-tree"]) {
    await page.focus(chart);
    const wrong = [];
    for (const [key, number] of expected) {
      // The graph goes on from top to bottom.
      const downwards = { ArrowRight: "ArrowDown", ArrowLeft: "ArrowUp" };
      await page.keyboard.press((chart === "#graph-tree" && downwards[key]) || key);
      const is = (number) => /#\d+/.exec(document.querySelector("#inspector-title").textContent)?.[0] === number;
      await page.waitForFunction(is, number, { timeout: 2_000 }).catch(async () => {
        wrong.push(`${key}: ${await selected()}, not ${number}`);
      });
    }
    rows.push(none(`keys of ${chart} that do not do it`, wrong, expected.length));
  }
  rows.push(await lettersOff(page));
  return rows;
}

async function lettersOff(page) {
  await page.click("#keys");
  await page.click("label:has(#letters)");
  await page.keyboard.press("Escape");
  await page.waitForSelector("#main[data-letters=off]");
  await page.evaluate(() => document.activeElement.blur());
  const before = await page.evaluate(() => document.querySelector("main").innerText);
  for (const key of ["[", "]", "p", "l", "r", "t", "g"]) await page.keyboard.press(key);
  const after = await page.evaluate(() => document.querySelector("main").innerText);
  return equal("letters switched off do nothing", after === before, true);
}
