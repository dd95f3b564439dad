// Stability and response: what moves by itself, what keeps the page from answering.

import { DESKTOP, answered, painted, tells } from "../browser.mjs";
import { atMost, median } from "../rows.mjs";

export const name = "stability";
export const about = "row 18: CLS 0.02, INP 100 ms, no task over 50 ms after load";

const N_VISITS = 5;

export async function run(visits, { isSmoke }) {
  const allowed = isSmoke ? 2 : 1;
  const all = [];
  for (let visit = 0; visit < N_VISITS; visit += 1) all.push(await measure(visits));
  const row = (what, of, most, unit, detail = "") => {
    const values = all.map(of);
    const spread = values.map((value) => Number(value.toFixed(3))).join(", ");
    return atMost(what, median(values), most * allowed, unit, `${spread} ${detail}`.trim());
  };
  const longest = all.flatMap((one) => one.tasks).sort((one, other) => other.ms - one.ms).slice(0, 3);
  const during = longest.map((task) => `${Math.round(task.ms)} ms at ${task.step}`).join(", ");
  return [
    row("shift of the layout (CLS)", (one) => one.shift, 0.02, ""),
    row("longest task after load", (one) => Math.max(0, ...one.tasks.map((task) => task.ms)), 50, "ms", during && `(${during})`),
    row("slowest interaction (INP)", (one) => Math.max(0, ...one.interactions), 100, "ms"),
  ];
}

/** One visit with what people do first; what is done has a name, to say where a task was long. */
async function measure(visits) {
  const page = await visits.blank(DESKTOP);
  return visits.with(page, async () => {
    await page.addInitScript(watch);
    await page.goto(visits.address);
    await answered(page);
    await painted(page);
    const doing = (step) =>
      page.evaluate((step) => {
        globalThis.watched.steps.push({ step, from: performance.now() });
      }, step);
    await doing("steps through operators");
    await page.focus("#bars");
    for (let n_steps = 0; n_steps < 5; n_steps += 1) {
      await page.keyboard.press("ArrowRight");
      await painted(page);
    }
    await doing("patches");
    await page.click("#try-patches");
    await tells(page, "#verdict", "Fits: ");
    await painted(page);
    await doing("another grid");
    await page.fill("#grid-rows", "4");
    await page.keyboard.press("Enter");
    await painted(page);
    await answered(page);
    await doing("layer by layer");
    await page.click("label[for=plan-layerwise], #plan-layerwise");
    await tells(page, "#verdict", "Does not fit");
    await answered(page);
    await painted(page);
    await doing("another picture");
    await page.click("label:has(#sample-1)");
    await answered(page);
    await painted(page);
    await doing("colours");
    await page.click("#theme");
    await painted(page);
    return page.evaluate(() => {
      const { steps, tasks, shifts, interactions } = globalThis.watched;
      const stepAt = (ms) => steps.filter(({ from }) => from <= ms).at(-1);
      const later = tasks.filter(({ end }) => stepAt(end) !== undefined);
      return {
        shift: shifts.reduce((sum, shift) => sum + shift, 0),
        tasks: later.map(({ ms, end }) => ({ ms, step: stepAt(end).step })),
        interactions,
      };
    });
  });
}

/** Notes long tasks, shifts and interactions. Runs in the page before its scripts. */
function watch() {
  const watched = (globalThis.watched = { steps: [], tasks: [], shifts: [], interactions: [] });
  const observe = (type, take, options = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...options });
  observe("longtask", ({ startTime, duration }) => watched.tasks.push({ ms: duration, end: startTime + duration }));
  observe("layout-shift", ({ value, hadRecentInput }) => {
    if (!hadRecentInput) watched.shifts.push(value);
  });
  observe("event", ({ interactionId, duration }) => {
    if (interactionId > 0) watched.interactions.push(duration);
  }, { durationThreshold: 16 });
}
