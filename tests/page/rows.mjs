// What a check reports: rows of a measured value against its threshold.

/** A figure that may be at most `most`. `detail` names what it stands for. */
export function atMost(what, measured, most, unit, detail = "") {
  const digits = (value) => `${Number(value.toFixed(3))} ${unit}`.trim();
  const passes = Number.isFinite(measured) && measured <= most;
  return { what, measured: digits(measured), threshold: `<= ${digits(most)}`, passes, detail };
}

/** A figure that must be at least `least`. */
export function atLeast(what, measured, least, unit, detail = "") {
  const digits = (value) => `${Number(value.toFixed(3))} ${unit}`.trim();
  const passes = Number.isFinite(measured) && measured >= least;
  return { what, measured: digits(measured), threshold: `>= ${digits(least)}`, passes, detail };
}

/** A list of offenders that must be empty, looked for among `among` things, of which there must be some. */
export function none(what, offenders, among) {
  const shown = offenders.slice(0, 6).join("; ");
  const rest = offenders.length > 6 ? `; and ${offenders.length - 6} more` : "";
  return {
    what,
    measured: `${offenders.length} of ${among}`,
    threshold: "0",
    passes: offenders.length === 0 && among > 0,
    detail: among > 0 ? shown + rest : "nothing was there to be checked",
  };
}

/** Two values that must be equal. */
export function equal(what, measured, expected) {
  const passes = measured === expected;
  return { what, measured: String(measured), threshold: `= ${expected}`, passes, detail: "" };
}

/** The middle of an odd number of values. */
export function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}
