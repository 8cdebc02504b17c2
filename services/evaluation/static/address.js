/** What the address says, and what this browser remembers: the token for the tab, the language for good. */

import { FIGURES } from "./format.js";
import { PERIOD } from "./periods.js";

const TOKEN = "nenep.token";
const LANGUAGE = "nenep.language";
const TOKEN_SHAPE = /^[A-Za-z0-9._~+/=-]+$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ORDERS = new Set([...FIGURES.map((one) => one.name), "name"]);
const CHARTED = new Set(FIGURES.filter((one) => one.low).map((one) => one.name));

/** Keep the token of `#token=…` for this tab, and take it out of the address bar and its history. */
export function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given === null) return false;
  history.replaceState(null, "", location.pathname + location.search);
  return keepToken(given) === null;
}

/** Keep a token. Returns the name of the text that says what is wrong with it, or null. */
export function keepToken(given) {
  const token = given.trim().replace(/^Bearer\s+/i, "");
  if (token === "") return "tokenEmpty";
  if (!TOKEN_SHAPE.test(token)) return "tokenShape";
  sessionStorage.setItem(TOKEN, token);
  return null;
}

export const token = () => sessionStorage.getItem(TOKEN);
export const forgetToken = () => sessionStorage.removeItem(TOKEN);
export const language = () => (localStorage.getItem(LANGUAGE) === "en" ? "en" : "vi");
export const keepLanguage = (code) => localStorage.setItem(LANGUAGE, code);

/** The unit, period, order and chart the address asks for; null where it leaves them to the page. */
export function wanted() {
  const query = new URLSearchParams(location.search);
  const valid = (name, test) => (test(query.get(name) ?? "") ? query.get(name) : null);
  return {
    unit: valid("unit", (said) => UUID.test(said)),
    period: valid("period", (said) => PERIOD.test(said)),
    by: valid("by", (said) => ORDERS.has(said)) ?? "attendance_rate",
    ascending: query.get("order") === "asc",
    chart: valid("chart", (said) => CHARTED.has(said)) ?? "attendance_rate",
  };
}

/** The query that asks for `want`; what the page chooses by itself is left out. */
export function query(want) {
  const said = new URLSearchParams();
  if (want.unit) said.set("unit", want.unit);
  if (want.period) said.set("period", want.period);
  if (want.by !== "attendance_rate") said.set("by", want.by);
  if (want.ascending) said.set("order", "asc");
  if (want.chart !== "attendance_rate") said.set("chart", want.chart);
  return `?${said}`;
}
