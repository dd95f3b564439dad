// Several PNG pictures of one size as one animated PNG (https://www.w3.org/TR/png-3/#apng-frame-based-animation).

import { crc32 } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The chunks of a PNG file, as `{ type, data }`. */
function chunks(png) {
  if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error("this is no PNG file");
  const found = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    found.push({ type: png.toString("latin1", at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return found;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const file = Buffer.alloc(body.length + 8);
  file.writeUInt32BE(data.length, 0);
  body.copy(file, 4);
  file.writeUInt32BE(crc32(body), body.length + 4);
  return file;
}

function numbers(...sized) {
  const data = Buffer.alloc(sized.reduce((sum, [bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [bytes, value] of sized) {
    data.writeUIntBE(value, at, bytes);
    at += bytes;
  }
  return data;
}

/**
 * One file that shows `frames`, each `{ png, ms }`, one after the other, for ever. A viewer that knows no
 * animation shows the first.
 */
export function animate(frames) {
  const head = chunks(frames[0].png).find(({ type }) => type === "IHDR").data;
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const parts = [SIGNATURE, chunk("IHDR", head), chunk("acTL", numbers([4, frames.length], [4, 0]))];
  let sequence = 0;
  for (const [index, { png, ms }] of frames.entries()) {
    const own = chunks(png);
    if (!own.find(({ type }) => type === "IHDR").data.equals(head)) throw new Error(`frame ${index} has another size`);
    const control = numbers([4, sequence++], [4, width], [4, height], [4, 0], [4, 0], [2, ms], [2, 1000], [1, 0], [1, 0]);
    parts.push(chunk("fcTL", control));
    const pixels = Buffer.concat(own.filter(({ type }) => type === "IDAT").map(({ data }) => data));
    parts.push(index === 0 ? chunk("IDAT", pixels) : chunk("fdAT", Buffer.concat([numbers([4, sequence++]), pixels])));
  }
  parts.push(chunk("IEND", Buffer.alloc(0)));
  return Buffer.concat(parts);
}
