// The same figure wherever it is told: verdict, arena, table, comparison, the saved plan, the link.

import { readFile } from "node:fs/promises";
import { DESKTOP, answered, tells } from "../browser.mjs";
import { equal, none } from "../rows.mjs";
import { UNTRAINED } from "../states.mjs";

export const name = "figures";
export const about = "row 27: verdict = arena = table = CSV = link";

export async function run(visits) {
  const page = await visits.open(DESKTOP, UNTRAINED);
  return visits.with(page, async () => {
    const rows = [...(await agree(page, "layer by layer"))];
    await page.click("#try-patches");
    await tells(page, "#verdict", "Fits: ");
    await answered(page);
    rows.push(...(await agree(page, "in patches")));
    const before = await bytes(page, "#arena-bytes");
    await page.reload();
    await answered(page);
    rows.push(equal("by the link, arena", await bytes(page, "#arena-bytes"), before));
    return rows;
  });
}

function bytes(page, css) {
  return page.getAttribute(css, "data-bytes").then(Number);
}

async function agree(page, how) {
  const arena = await bytes(page, "#arena-bytes");
  const kib = `${(arena / 1024).toFixed(1)} KiB`;
  const places = ["#verdict", "#peak-operator", "#formula"];
  const texts = await Promise.all(places.map((css) => page.textContent(css)));
  const csv = await savedPlan(page);
  return [
    equal(`${how}, verdict says ${kib}`, texts[0].includes(`${kib} needed`) || texts[0].includes(kib), true),
    equal(`${how}, arena that it ran in`, await bytes(page, "#run-arena"), arena),
    equal(`${how}, largest end in the saved CSV`, csv.height, arena),
    none(`${how}, buffers of the CSV on each other`, csv.overlaps, csv.n_buffers),
  ];
}

/** The plan as the page saves it, judged without the page. */
async function savedPlan(page) {
  const button = page.locator("#export button, .export button").filter({ hasText: "CSV" }).first();
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  const text = await readFile(await download.path(), "utf8");
  const [head, ...lines] = text.trim().split("\n").map((line) => line.trim().split(","));
  const column = (name) => head.indexOf(name);
  const [lower, upper, size, offset] = ["lower", "upper", "size", "offset"].map(column);
  const buffers = lines.map((line) => ({
    from: Number(line[lower]), to: Number(line[upper]), low: Number(line[offset]), high: Number(line[offset]) + Number(line[size]), name: line[0],
  }));
  const overlaps = buffers.flatMap((one, index) => buffers.slice(index + 1).filter((other) =>
    one.from < other.to && other.from < one.to && one.low < other.high && other.low < one.high,
  ).map((other) => `${one.name} on ${other.name}`));
  return { height: Math.max(...buffers.map(({ high }) => high)), overlaps, n_buffers: buffers.length };
}
