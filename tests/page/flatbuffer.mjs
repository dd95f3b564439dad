// Writes FlatBuffers: values are placed one after the other, each before what it refers to, so that every
// reference leads forwards.

const SIZES = { i8: 1, u8: 1, i32: 4, u32: 4, f32: 4, i64: 8, reference: 4 };

/** A field or list element of a plain type. */
export const plain = (type, value) => ({ type, value });
/** A table: its fields in the schema's order, `null` where one is left out. */
export const table = (...fields) => ({ type: "reference", kind: "table", fields });
/** A list of elements of one type. */
export const list = (type, values) => ({ type: "reference", kind: "list", of: type, values });
/** A list of tables or strings. */
export const references = (values) => ({ type: "reference", kind: "list", of: "reference", values });
/** Text. */
export const text = (value) => ({ type: "reference", kind: "text", value });

/** The bytes of a file with this root table and this identifier of four letters. */
export function write(root, identifier) {
  const out = new Output();
  const toRoot = out.reserve(4, 4);
  Buffer.from(identifier, "latin1").forEach((byte) => out.put("u8", byte));
  const waiting = [{ at: toRoot, node: root }];
  for (const { at, node } of waiting) {
    const place = out[node.kind](node, waiting);
    out.view.setUint32(at, place - at, true);
  }
  return Buffer.from(out.view.buffer, 0, out.length);
}

class Output {
  view = new DataView(new ArrayBuffer(1 << 22));
  length = 0;

  reserve(bytes, alignment) {
    this.length = Math.ceil(this.length / alignment) * alignment;
    this.length += bytes;
    return this.length - bytes;
  }

  set(at, type, value) {
    const setters = { i8: "setInt8", u8: "setUint8", i32: "setInt32", u32: "setUint32", f32: "setFloat32" };
    if (type === "i64") this.view.setBigInt64(at, BigInt(value), true);
    else this.view[setters[type]](at, value, true);
  }

  put(type, value) {
    this.set(this.reserve(SIZES[type], SIZES[type]), type, value);
  }

  /** Places a value, or remembers that a reference to it is to be filled in. */
  place(at, { type, ...node }, waiting) {
    if (type === "reference") waiting.push({ at, node });
    else this.set(at, type, node.value);
  }

  table({ fields }, waiting) {
    const vtable = this.reserve(4 + 2 * fields.length, 2);
    // The table's first four bytes are the way back to its vtable.
    const start = this.reserve(4, 8);
    this.view.setInt32(start, start - vtable, true);
    fields.forEach((field, index) => {
      if (field === null) return;
      const size = SIZES[field.type];
      const at = this.reserve(size, size);
      this.view.setUint16(vtable + 4 + 2 * index, at - start, true);
      this.place(at, field, waiting);
    });
    this.view.setUint16(vtable, 4 + 2 * fields.length, true);
    this.view.setUint16(vtable + 2, this.length - start, true);
    return start;
  }

  list({ of, values }, waiting) {
    const size = SIZES[of];
    // The elements are aligned, and their number stands right before them.
    const elements = this.reserve(0, Math.max(size, 4)) + (size === 8 ? 8 : 4);
    this.reserve(elements - this.length, 1);
    this.view.setUint32(elements - 4, values.length, true);
    for (const value of values) {
      const at = this.reserve(size, size);
      this.place(at, of === "reference" ? value : plain(of, value), waiting);
    }
    return elements - 4;
  }

  text({ value }) {
    const bytes = Buffer.from(value, "utf8");
    const start = this.reserve(4, 4);
    this.view.setUint32(start, bytes.length, true);
    bytes.forEach((byte) => this.put("u8", byte));
    this.put("u8", 0);
    return start;
  }
}
