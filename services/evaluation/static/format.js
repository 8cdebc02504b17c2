/** Figures, months and times as people in Việt Nam write them, in either language of the page. */

const COUNT = new Intl.NumberFormat("vi-VN");
const PERCENT = new Intl.NumberFormat("vi-VN", { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
const POINTS = new Intl.NumberFormat("vi-VN", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const TIME = new Intl.DateTimeFormat("vi-VN", {
  timeZone: "Asia/Ho_Chi_Minh",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hour12: false,
});

/** The figures of the table and the chart: name, how it is written, whether a low value is a weakness. */
export const FIGURES = [
  { name: "branches", as: "count" },
  { name: "held_rate", as: "percent", low: true },
  { name: "open", as: "count" },
  { name: "attendance_rate", as: "percent", low: true },
  { name: "on_time_rate", as: "percent", low: true },
  { name: "conclusion_rate", as: "percent", low: true },
  { name: "task_rate", as: "percent", low: true },
  { name: "tasks_done_rate", as: "percent", low: true },
  { name: "average_self_points", as: "points", low: true },
];

/** `value` written as `as` says; a dash where nothing can be said. */
export function written(value, as) {
  if (value === null || value === undefined) return "–";
  if (as === "percent") return PERCENT.format(value < 1 ? Math.min(value, 0.999) : value); // 100 % only when it is all
  if (as === "points") return POINTS.format(value);
  return COUNT.format(value);
}

/** The figure behind a column: `open` is what is missing once the reporting is over, what is awaited before. */
export function behind(name, closed) {
  return name === "open" ? (closed ? "missing" : "awaited") : name;
}

/** A figure of a scorecard. */
export function figure(card, name) {
  return name in card.parts ? card.parts[name] : card.derived[name];
}

/** How the figure of an answer of evidence is written. */
export function figureIn({ figure: name, formula, terms }) {
  if (formula === null || terms.length < 2) return "count";
  return formula.endsWith("/ 100") ? "points" : "percent";
}

/** Whether the reporting of the scorecard's month is over, so that what is not held is missing. */
export function isClosed(card, today, lastMonth) {
  if (card.derived.missing > 0) return true;
  return card.derived.awaited === 0 && lastMonth < today.slice(0, 7);
}

/** The time of day of `instant`, 19:42:07. */
export function timeOfDay(instant) {
  return TIME.format(instant);
}

/** The month `count` months after `month`. */
export function addMonths(month, count) {
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + count;
  return `${String(Math.floor(index / 12)).padStart(4, "0")}-${String((index % 12) + 1).padStart(2, "0")}`;
}

/** `2025-06` → ["6", "2025"]. */
export function monthParts(month) {
  return [String(Number(month.slice(5))), month.slice(0, 4)];
}
