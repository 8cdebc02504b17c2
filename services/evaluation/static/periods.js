/** Periods: months, quarters, half-years and years, written as the API writes them. */

import { addMonths, monthParts } from "./format.js";

/** The forms of a period, and how many months each has. */
export const LENGTHS = { month: 1, quarter: 3, half: 6, year: 12 };
export const PERIOD = /^[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]|H[12]))?$/;

/** The form of `period`: month, quarter, half or year. */
export function formOf(period) {
  if (period.length === 4) return "year";
  return { Q: "quarter", H: "half" }[period[5]] ?? "month";
}

/** Its last month, `2025-Q2` → `2025-06`. */
export function lastMonth(period) {
  const form = formOf(period);
  if (form === "month") return period;
  const ends = form === "year" ? 12 : Number(period[6]) * LENGTHS[form];
  return `${period.slice(0, 4)}-${String(ends).padStart(2, "0")}`;
}

/** The period of `form` in which `month` lies. */
export function containing(month, form) {
  if (form === "month") return month;
  const year = month.slice(0, 4);
  if (form === "year") return year;
  return `${year}-${form === "quarter" ? "Q" : "H"}${Math.ceil(Number(month.slice(5)) / LENGTHS[form])}`;
}

/** The period `count` after `period`, of the same form. */
export function step(period, count) {
  const form = formOf(period);
  return containing(addMonths(lastMonth(period), count * LENGTHS[form]), form);
}

/** Its name as a title ("Tháng 6/2025"), or as it stands inside a sentence. */
export function named(say, period, inside = false) {
  const form = formOf(period);
  const ending = inside ? "In" : "Name";
  if (form === "month") return say(`month${ending}`, ...monthParts(period));
  return say(`${form}${ending}`, form === "year" ? "" : period[6], period.slice(0, 4));
}
