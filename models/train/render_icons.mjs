// Draws icons of Iconify packages as PNG files.
//   node render_icons.mjs WISHES.json FOLDER
// WISHES.json: {"side": pixels, "icons": [[set, name], ...]}; writes FOLDER/SET/NAME.png.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [wishesFile, folder] = process.argv.slice(2);
const { side, icons, packages } = JSON.parse(readFileSync(wishesFile, 'utf8'));
const require = createRequire(join(packages, 'package.json'));
const { Resvg } = require('@resvg/resvg-js');

const sets = new Map();
const open = (name) => {
  if (!sets.has(name)) sets.set(name, require(`@iconify-json/${name}/icons.json`));
  return sets.get(name);
};

for (const [set, name] of icons) {
  const { icons: all, width = 16, height = 16 } = open(set);
  const { body, left = 0, top = 0, width: w = width, height: h = height } = all[name];
  const box = `${left} ${top} ${w} ${h}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
    viewBox="${box}" width="${side}" height="${side}">${body}</svg>`;
  mkdirSync(join(folder, set), { recursive: true });
  writeFileSync(join(folder, set, `${name}.png`), new Resvg(svg).render().asPng());
}
