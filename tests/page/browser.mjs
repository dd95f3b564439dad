// The browser, fresh pages in it, and how to wait for what they do.

import { chromium } from "playwright-core";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** How long the page may take for anything, in milliseconds. */
export const PATIENCE_MS = 60_000;

export const DESKTOP = { width: 1280, height: 800 };
export const TABLET = { width: 768, height: 1024 };
export const PHONE = { width: 360, height: 740 };

const PROGRAMS = ["chromium", "google-chrome", "google-chrome-stable", "chrome", "chromium-browser"];

/** The browser's program: the one that CHROME names, else the first usual one on the PATH. */
function program() {
  if (process.env.CHROME) return process.env.CHROME;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const isProgram = (path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  const found = PROGRAMS.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
  if (!found) throw new Error("there is no Chromium or Chrome on the PATH; name one in the variable CHROME");
  return found;
}

/** Starts the browser without a window. */
export function launch() {
  // Inside containers its sandbox lacks the rights that it needs; it only opens this project's page.
  return chromium.launch({ executablePath: program(), args: ["--no-sandbox"] });
}

/**
 * The place where checks get their pages from: opens each in a context of its own, and keeps what their
 * consoles say.
 */
export class Visits {
  constructor(browser, address) {
    this.browser = browser;
    this.address = address;
    /** Errors and warnings of every page that was opened. */
    this.complaints = [];
  }

  /**
   * A blank page with this window. `options` are those of a browser context; `mayComplain` leaves out what
   * its console says.
   */
  async blank(window, { mayComplain = false, ...options } = {}) {
    const context = await this.browser.newContext({
      viewport: window,
      reducedMotion: "reduce",
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    if (mayComplain) return page;
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (line) => {
      if (["error", "warning"].includes(line.type())) this.complaints.push(line.text());
    });
    return page;
  }

  /** The page at its first sight, or by a link's fragment, once its first inference has answered. */
  async open(window = DESKTOP, fragment = "", options = {}) {
    const page = await this.blank(window, options);
    await page.goto(this.address + fragment);
    await answered(page);
    return page;
  }

  /** Runs `use` with a page and closes it whatever happens. */
  async with(page, use) {
    try {
      return await use(page);
    } finally {
      await page.context().close();
    }
  }
}

/** Waits until an inference has run and its answer is shown, by the page itself. */
export function answered(page) {
  return page.waitForFunction(() => {
    if (document.querySelector("#still")) return false;
    const shown = document.querySelector("#run-arena")?.textContent;
    return Boolean(shown) && !document.querySelector("main[aria-busy=true], main [aria-busy=true]");
  });
}

/** Waits until an element's text contains `words`, and all parts of the page show the same state. */
export function tells(page, css, words) {
  const look = ([css, words]) =>
    document.querySelector(css)?.textContent.includes(words) && !document.querySelector("main[aria-busy=true]");
  return page.waitForFunction(look, [css, words]);
}

/** Waits until two frames were painted, so that charts have followed a new size. */
export function painted(page) {
  const frames = () =>
    new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
  return page.evaluate(frames);
}

/** Walks down the page, so that every chart is drawn for the window as it is: those far away wait until they are near. */
export async function walked(page) {
  for (const chart of await page.$$("main canvas")) {
    await chart.evaluate((canvas) => canvas.scrollIntoView());
    await painted(page);
  }
  await page.evaluate(() => scrollTo(0, 0));
  await painted(page);
}
