/** What needs attention below the unit: the alerts that hold, where the installation has them. */

import { make, write } from "./dom.js";
import { query } from "./address.js";

const SHOWN = 5;

/** What the API is asked for. */
export const ALERTS = { state: "begun", limit: SHOWN };

/** Show `alerts` (the answer, or null where there are none to ask for) in `place`; `open(event, unitId)` opens a unit. */
export function showAlerts(place, alerts, { say, language, want, open }) {
  const items = alerts?.items ?? [];
  place.hidden = items.length === 0;
  const wanted = JSON.stringify([language, items.map((one) => [one.alert_id, one.version]), query(want)]);
  if (place.dataset.shown === wanted) return;
  place.dataset.shown = wanted;
  write(place.querySelector("h2"), say("alerts", alerts?.next_cursor ? `${SHOWN}+` : String(items.length)));
  place.querySelector("ul").replaceChildren(
    ...items.map((one) => {
      const link = make("a", { href: query({ ...want, unit: one.unit.unit_id, period: null }) }, one.unit.name);
      link.addEventListener("click", (event) => open(event, one.unit.unit_id));
      return make("li", {}, link, " – ", make("b", {}, one.title[language]), make("span", { class: "soft" }, ` ${one.reason[language]}`));
    }),
  );
}
