// The states of the page that are looked at: how to come to each from a fresh visit.

import { join } from "node:path";
import { DESKTOP, answered, tells } from "./browser.mjs";
import { ROOT } from "./server.mjs";

/** A link to MobileNetV2 0.35 at 96 in 128 KiB, of which many figures are known. */
export const UNTRAINED = "#v=1&m=mobilenet_v2_035_96&ram=131072";

/**
 * Each state: its name, the link that it begins with, what is done then, and what it is about.
 * The eight with `isPictured` are those of the screenshots.
 */
export const STATES = [
  {
    name: "first",
    about: "first sight: it does not fit",
    isPictured: true,
    isSmoke: true,
    reach: () => {},
  },
  {
    name: "patches",
    about: "in patches it fits, and gives the same bytes",
    isPictured: true,
    isSmoke: true,
    reach: async (page) => {
      await page.click("#try-patches");
      await tells(page, "#verdict", "Fits: ");
      await page.click("#run-both:not([disabled])");
      await tells(page, "#same-bytes", "yes");
    },
  },
  {
    name: "compared",
    about: "a plan in patches kept as A, another model as B",
    reach: async (page) => {
      await page.click("#try-patches");
      await tells(page, "#verdict", "Fits: ");
      await page.click("#keep");
      await page.click("#samples");
      await page.click("[data-open=digits]");
      await tells(page, "#outcome", "B needs");
      await answered(page);
    },
  },
  {
    name: "pinned",
    about: "a tensor of the arena pinned, its operator inspected",
    isPictured: true,
    fragment: UNTRAINED,
    reach: async (page) => {
      await page.focus("#arena");
      for (const key of ["p", "ArrowRight"]) await page.keyboard.press(key);
      // What is pinned is live at the step that is shown: the page may be drawn after the next key, were it as fast.
      await tells(page, "#inspector-title", "#5");
      await page.keyboard.press("ArrowUp");
      await page.waitForSelector("#arena .pinned");
    },
  },
  {
    name: "planners",
    about: "the ladder of planners, and the front of arena against MACs",
    isPictured: true,
    reach: async (page) => {
      await page.click("#counted > summary");
      await page.click("#compare-rungs");
      await page.waitForSelector("#rungs-table tbody tr:nth-child(10)");
      await page.click("#find-front");
      await page.waitForSelector("#front-table tbody tr");
    },
  },
  {
    name: "gallery",
    about: "the gallery of samples, one with its card open",
    isPictured: true,
    isSmoke: true,
    reach: async (page) => {
      await page.click("#samples");
      await page.click(".sample-model[data-key=digits] summary");
    },
  },
  {
    name: "drawing",
    about: "a digit on the pad, with its answer",
    isPictured: true,
    reach: async (page) => {
      await page.click("#samples");
      await page.click("[data-open=digits]");
      await tells(page, "#model", "digits");
      await answered(page);
      await draw(page, [[0.2, 0.2], [0.75, 0.2], [0.45, 0.85]]);
      await page.waitForSelector("#top-classes li[data-label='7']");
    },
  },
  {
    name: "problem",
    about: "a file that cannot be opened",
    isPictured: true,
    isSmoke: true,
    reach: async (page) => {
      const file = { name: "archive.tflite", mimeType: "", buffer: Buffer.from("PK\x03\x04 and more") };
      await page.setInputFiles("#open-file", file);
      await tells(page, "#problem", "not a .tflite file");
    },
  },
  {
    name: "placement",
    about: "buffers of a file, placed by a search to its proof",
    isPictured: true,
    reach: async (page) => {
      await page.setInputFiles("#open-file", join(ROOT, "tests/problems/cut_60.csv"));
      await tells(page, "#model", "60 buffers");
      await page.click("#search-placement");
      await page.waitForSelector("#placement-verdict[data-stage=Proven]");
    },
  },
  {
    name: "keys",
    about: "the sheet of keys",
    reach: async (page) => {
      await page.click("#keys");
      await page.waitForSelector("dialog[open]");
    },
  },
  {
    name: "opened",
    about: "every fold of the page opened",
    reach: async (page) => {
      const folds = "main details:not([open]) > summary, footer details:not([open]) > summary";
      for (let fold; (fold = await page.$(folds)); ) await fold.click();
      for (const fold of await page.$$("#graph-show, .fold[aria-expanded=false]")) {
        if (await fold.isVisible()) await fold.click();
      }
    },
  },
];

/** The page in a state, from a fresh visit in this window. */
export async function reach(visits, state, window = DESKTOP, options = {}) {
  const page = await visits.open(window, state.fragment, options);
  try {
    await state.reach(page);
    return page;
  } catch (error) {
    await page.context().close();
    throw new Error(`the state "${state.name}" was not reached: ${error.message}`);
  }
}

/** Draws a line on the pad; places are parts of its side. */
async function draw(page, places) {
  const pad = await page.waitForSelector("#pad");
  await pad.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await pad.boundingBox();
  const moveTo = ([right, down]) => page.mouse.move(x + right * width, y + down * height, { steps: 8 });
  await moveTo(places[0]);
  await page.mouse.down();
  for (const place of places.slice(1)) await moveTo(place);
  await page.mouse.up();
}
