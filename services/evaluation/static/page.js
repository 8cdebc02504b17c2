/** The page of one unit and month: builds its parts in a language, and shows in them what was fetched. */

import { query } from "./address.js";
import { byId, make, write } from "./dom.js";
import { FIGURES, addMonths, figure, isClosed, monthParts, timeOfDay, written } from "./format.js";
import { grades, strip } from "./headline.js";
import { table } from "./table.js";
import { TEXTS, text } from "./texts.js";
import { drawTrend, tabulateTrend } from "./trend.js";

const MONTHS_OFFERED = 36;

/** `does`: what the reader's actions call – open(event, unitId), sort(by). */
export class Page {
  constructor(does) {
    this.does = does;
    this.want = null;
  }

  /** Write every fixed text in `language`, and make the parts anew. */
  build(language) {
    this.language = language;
    this.say = (key, ...carried) => text(language, key, ...carried);
    this.columns = TEXTS[language].columns;
    document.documentElement.lang = language;
    for (const element of document.querySelectorAll("[data-text]")) write(element, this.say(element.dataset.text));
    for (const element of document.querySelectorAll("[data-label]:not(td)")) {
      element.setAttribute("aria-label", this.say(element.dataset.label));
    }
    byId("language").lang = this.say("otherLanguageCode");
    this.showStrip = strip(byId("strip"), this.say);
    this.showGrades = grades(byId("grades"), this.say);
    this.showTable = table(byId("below-scroll"), {
      say: this.say,
      columns: this.columns,
      sort: this.does.sort,
      open: this.does.open,
      address: (unitId) => query({ ...this.want, unit: unitId }),
    });
    const charted = FIGURES.filter((one) => one.low).map((one) => make("option", { value: one.name }, this.columns[one.name]));
    byId("trend-figure").replaceChildren(...charted);
    const sign = make("span", { class: "weak", "aria-hidden": "true" }, "▼");
    byId("legend").replaceChildren(sign, make("span", { class: "unseen" }, `(${this.say("low")})`), ` ${this.say("legend")}`);
    this.shownTrend = null;
  }

  /** Show what was fetched (live.js, `data`) as the address wants it; `marked`: mark the figures that changed. */
  show(data, want, marked) {
    this.want = want;
    const { card, me } = data;
    const closed = isClosed(card, me.today);
    const monthName = this.say("monthName", ...monthParts(card.period));
    byId("unit").hidden = false;
    write(byId("kind"), `${TEXTS[this.language].kinds[card.kind] ?? card.kind} · ${card.code}`);
    write(byId("name"), card.name);
    write(byId("strip-title"), this.say("strip", this.say("monthIn", ...monthParts(card.period))));
    document.title = `${card.name} · ${monthName} · Nền nếp`;
    this.showPath(data);
    this.showMonths(card.period, me.today.slice(0, 7));
    this.showStrip(card, marked);
    this.showGrades(card, marked);
    this.showBelow(data, closed, marked);
    this.showTrend(data, closed);
  }

  showPath({ path, me, card }) {
    const others = me.units.filter((unit) => !path.some((step) => step.unit_id === unit.unit_id));
    const steps = [...path.filter((step) => step.unit_id !== card.unit_id), ...others];
    const shown = [...steps.map((step) => [step.unit_id, step.name]), [null, card.name]];
    const wanted = JSON.stringify([shown, query(this.want)]);
    if (this.shownPath === wanted) return;
    this.shownPath = wanted;
    const items = shown.map(([unitId, name]) => {
      if (unitId === null) return make("li", { "aria-current": "page" }, name);
      const link = make("a", { href: query({ ...this.want, unit: unitId }) }, name);
      link.addEventListener("click", (event) => this.does.open(event, unitId));
      return make("li", {}, link);
    });
    byId("path").firstElementChild.replaceChildren(...items);
    byId("path").hidden = shown.length === 1;
  }

  showMonths(period, present) {
    const newest = period > present ? period : present;
    const months = Array.from({ length: MONTHS_OFFERED }, (_, back) => addMonths(newest, -back));
    if (!months.includes(period)) months.push(period);
    const select = byId("month");
    const wanted = `${this.language} ${months.join()}`;
    if (select.dataset.shown !== wanted) {
      select.dataset.shown = wanted;
      select.replaceChildren(
        ...months.map((month) => make("option", { value: month }, this.say("monthName", ...monthParts(month)))),
      );
    }
    select.value = period;
    byId("month-after").disabled = period >= present;
  }

  showBelow({ card, children }, closed, marked) {
    const { by, ascending } = this.want;
    const openLabel = this.columns[closed ? "missing" : "awaited"];
    const label = (name) => (name === "open" ? openLabel : this.columns[name]);
    const month = this.say("monthIn", ...monthParts(card.period));
    byId("nothing-below").hidden = children.length > 0;
    for (const id of ["below-scroll", "legend"]) byId(id).hidden = children.length === 0;
    document.querySelector(".sorting").hidden = children.length === 0;
    const saidCaption = by === "name" ? this.say("belowCaptionByName", month) : this.say("belowCaption", label(by), month);
    this.showTable({ card, children, by, ascending, closed, openLabel, saidCaption, marked });
    const options = [...FIGURES.map((one) => one.name), "name"];
    const select = byId("sort");
    if (select.dataset.shown !== `${this.language} ${openLabel}`) {
      select.dataset.shown = `${this.language} ${openLabel}`;
      select.replaceChildren(
        ...options.map((name) => make("option", { value: name }, name === "name" ? this.say("byName") : label(name))),
      );
    }
    select.value = by;
    write(byId("direction"), by === "name" ? (ascending ? "A–Y" : "Y–A") : this.say(ascending ? "ascending" : "descending"));
    this.measure();
  }

  showTrend({ card, trend }, closed) {
    const cards = [...trend.filter((one) => one.period !== card.period), card];
    const { chart } = this.want;
    const place = byId("chart");
    const wanted = JSON.stringify([cards.map((one) => [one.period, one.parts]), chart, place.clientWidth, closed]);
    if (this.shownTrend === wanted) return;
    this.shownTrend = wanted;
    byId("trend-figure").value = chart;
    drawTrend(place, { cards, period: card.period, name: chart, open: !closed, say: this.say, called: this.columns[chart] });
    tabulateTrend(byId("trend-scroll"), { cards, say: this.say, columns: this.columns, caption: this.say("trend") });
  }

  /** A region that scrolls can be reached by keyboard; one that does not is no stop on the way. */
  measure() {
    const region = byId("below-scroll");
    if (region.scrollWidth > region.clientWidth + 1) region.tabIndex = 0;
    else region.removeAttribute("tabindex");
  }

  /** The line beside the month: `how` is live, paused or old, `at` the instant of the figures. */
  showPulse(how, at) {
    const key = { live: "updated", paused: "pausedAt", old: "updatedOld" }[how];
    write(byId("updated"), this.say(key, timeOfDay(at)));
    byId("dot").className = how;
    write(byId("pause"), this.say(how === "paused" ? "resume" : "pause"));
  }

  /** What a reader who does not see the page is told of the figures. */
  summary({ card }) {
    const [held, due] = [card.parts.regular_held, card.derived.due].map((count) => written(count, "count"));
    return this.say("said", card.name, held, due, written(figure(card, "attendance_rate"), "percent"));
  }

  /** What a reader who does not see the page is told when another unit or month was opened. */
  opening({ card }) {
    return this.say("opened", card.name, this.say("monthIn", ...monthParts(card.period)));
  }
}

/** `children` in the order of their names, as Vietnamese is sorted. */
export function byNames(children, ascending) {
  const order = new Intl.Collator("vi", { numeric: true });
  const sorted = [...children].sort((one, other) => order.compare(one.scorecard.name, other.scorecard.name));
  return ascending ? sorted : sorted.reverse();
}

