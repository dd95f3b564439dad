// A model of many operators: a chain of additions, each of the last two tensors.

import { list, plain, references, table, text, write } from "./flatbuffer.mjs";

const INT8 = 9;
const ADD = 0;
const ADD_OPTIONS = 11;

/** The bytes of a .tflite file with so many operators, on maps of 8x8x4. */
export function chain(n_operators) {
  const tensors = Array.from({ length: n_operators + 1 }, (_, index) => tensor(`t${index}`));
  const operators = Array.from({ length: n_operators }, (_, index) => addition(index));
  const codes = [table(plain("i8", ADD), null, plain("i32", 1), plain("i32", ADD))];
  const graph = table(
    references(tensors), list("i32", [0]), list("i32", [n_operators]), references(operators), text("main"),
  );
  const model = table(plain("u32", 3), references(codes), references([graph]), text("a chain"), references([table()]));
  return write(model, "TFL3");
}

function tensor(name) {
  const quantization = table(null, null, list("f32", [0.5]), list("i64", [0]));
  return table(list("i32", [1, 8, 8, 4]), plain("i8", INT8), plain("u32", 0), text(name), quantization);
}

function addition(index) {
  const inputs = list("i32", [index, Math.max(0, index - 1)]);
  const options = table(plain("i8", 0));
  return table(plain("u32", 0), inputs, list("i32", [index + 1]), plain("u8", ADD_OPTIONS), options);
}
