// Target sizes: what is pressed is large enough for a finger.

import { DESKTOP, PHONE } from "../browser.mjs";
import { none } from "../rows.mjs";
import { STATES, reach } from "../states.mjs";

export const name = "targets";
export const about = "row 9: targets of 24 px, of 44 px where they are primary, on a phone";

export async function run(visits, { isSmoke }) {
  const states = isSmoke ? STATES.filter((state) => state.isSmoke) : STATES;
  const rows = [];
  for (const state of states) {
    const page = await reach(visits, state, DESKTOP);
    await visits.with(page, async () => {
      for (const window of isSmoke ? [PHONE] : [PHONE, DESKTOP]) {
        await page.setViewportSize(window);
        const all = await page.evaluate(targets);
        const words = (one) => `${one.name} ${one.width}x${one.height}`;
        const small = all.filter((one) => one.width < 24 || one.height < 24).map(words);
        rows.push(none(`under 24 px, ${state.name} at ${window.width}`, small, all.length));
        if (window !== PHONE) continue;
        const primary = all.filter((one) => one.isPrimary);
        const short = primary.filter((one) => one.width < 44 || one.height < 44).map(words);
        rows.push(none(`primary under 44 px, ${state.name} at ${window.width}`, short, primary.length));
      }
    });
  }
  return rows;
}

/** Every visible target with its size in pixels. Runs in the page. */
function targets() {
  const css = "button, select, summary, a[href], input, textarea, [role=button]";
  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && !element.closest(".visually-hidden, .skip");
  return [...document.querySelectorAll(css)].filter(isSeen).map((element) => {
    // Who presses a label presses its field.
    const area = (element.closest("label") ?? element).getBoundingClientRect();
    const words = element.id || element.getAttribute("aria-label") || element.textContent.trim();
    return {
      name: `${element.tagName.toLowerCase()} "${words.slice(0, 24)}"`,
      width: Math.round(area.width * 10) / 10,
      height: Math.round(area.height * 10) / 10,
      isPrimary: element.matches("button.primary"),
    };
  });
}
