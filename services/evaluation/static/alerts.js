/** What needs attention below the unit: the alerts that hold, where the installation has them, and what each opens. */

import { make, replace, write } from "./dom.js";
import { query } from "./address.js";
import { opener } from "./evidence.js";
import { addMonths, monthParts } from "./format.js";
import { containing, named } from "./periods.js";

const SHOWN = 5;
const MANY = 100;

/** The figures a rule judges by; of figures that cannot be, those that contradict one another. */
const BEHIND = {
  attendance_falling: () => ["attendance_rate"],
  no_meeting: () => ["held_rate"],
  no_theme: () => ["thematic_coverage"],
  inspection_not_begun: () => [], // a target the unit reports by itself: no minutes stand behind it
  self_far_from_evidence: () => ["evidence_gap"],
  self_far_from_official: () => ["self_from_official"],
  figures_impossible: (facts) => [
    ...(facts.present_over_owed ? ["attendance_rate"] : []),
    ...(facts.held_over_due ? ["held_rate"] : []),
    ...(facts.speakers_over_present ? ["speaking_rate"] : []),
  ],
  good_despite_attendance: () => ["grade_good", "attendance_rate"],
  identical_scores: () => ["average_self_points"],
};

/** What the API is asked for; `many`: the reader wants more than the newest. */
export const alertsAsked = (many) => ({ state: "begun", limit: many ? MANY : SHOWN });

/**
 * Show `alerts` (the answer, or null where there are none to ask for) in `place`; `open(event, unitId)` opens a unit;
 * `behind`: what the figures of BEHIND are called.
 */
export function showAlerts(place, alerts, { say, language, behind, want, open }) {
  const items = alerts?.items ?? [];
  place.hidden = items.length === 0;
  const wanted = JSON.stringify([language, items.map((one) => [one.alert_id, one.version]), alerts?.next_cursor, query(want)]);
  if (place.dataset.shown === wanted) return;
  place.dataset.shown = wanted;
  const goesOn = Boolean(alerts?.next_cursor);
  write(place.querySelector("h2"), say("alerts", goesOn ? `${items.length}+` : String(items.length)));
  replace(place.querySelector("ul"), ...items.map((one) => row(one, { say, language, behind, want, open })));
  place.querySelector("#alerts-more").hidden = !goesOn || items.length >= MANY;
}

function row(one, { say, language, behind, want, open }) {
  const { unit } = one;
  const link = make("a", { id: `alert-${one.alert_id}`, href: query({ ...want, unit: unit.unit_id, period: null }) }, unit.name);
  link.addEventListener("click", (event) => open(event, unit.unit_id));
  const since = make("span", { class: "soft" }, ` ${say("alertSince", named(say, one.since, true))}`);
  const figures = BEHIND[one.rule]?.(one.began.at(-1)?.facts ?? {});
  const lines = (figures ?? []).map((figure) =>
    make(
      "p",
      { class: "behind" },
      make("span", { class: "soft" }, `${behind[figure]}:`),
      ...periodsOf(one).map((period) => openerOf(one, figure, period, say, behind)),
    ),
  );
  if (figures?.length === 0) lines.push(make("p", { class: "soft" }, say("alertReported")));
  return make("li", {}, make("p", {}, link, " – ", make("b", {}, one.title[language]), since), make("p", {}, one.reason[language]), ...lines);
}

function openerOf(one, figure, period, say, behind) {
  const said = period.includes("Q") ? named(say, period) : say("monthShort", ...monthParts(period));
  const button = opener(figure, { unit: one.unit.unit_id, name: one.unit.name, period });
  button.id = `alert-${one.alert_id}-${figure}-${period}`;
  button.textContent = said;
  button.setAttribute("aria-label", say("opensAlone", `${one.unit.name}, ${behind[figure]}, ${said}`));
  return button;
}

/** The periods whose numbers an alert was judged by: the months that decided, and those it compared them with. */
function periodsOf({ rule, began }) {
  if (began.length === 0) return [];
  const { months = 1, months_before: before = rule === "identical_scores" ? 1 : months - 1 } = began.at(-1).facts;
  const last = began.at(-1).period;
  if (rule === "no_theme") return [containing(last, "quarter")];
  const found = [];
  for (let month = addMonths(began[0].period, -before); month <= last; month = addMonths(month, 1)) found.push(month);
  return found;
}
