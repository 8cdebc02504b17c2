/** The page of one unit and period: builds its parts in a language, and shows in them what was fetched. */

import { query } from "./address.js";
import { byId, make, write } from "./dom.js";
import { showAlerts } from "./alerts.js";
import { FIGURES, behind, figure, isClosed, timeOfDay, written } from "./format.js";
import { grades, strip } from "./headline.js";
import { LENGTHS, containing, formOf, lastMonth, named, step } from "./periods.js";
import { table } from "./table.js";
import { TEXTS, text } from "./texts.js";
import { drawTrend, tabulateTrend } from "./trend.js";

const OFFERED = { month: 36, quarter: 16, half: 8, year: 6 }; // periods in the list

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
    const low = make("span", { class: "unseen" }, `(${this.say("low")})`);
    byId("legend").replaceChildren(sign, low, ` ${this.say("legend")} ${this.say("rankLegend")}`);
    this.shownTrend = null;
    byId("form").replaceChildren(
      ...Object.keys(LENGTHS).map((form) => make("option", { value: form }, this.say(form))),
    );
  }

  /** Show what was fetched (live.js, `data`) as the address wants it; `marked`: mark the figures that changed. */
  show(data, want, marked) {
    this.want = want;
    const { card, me } = data;
    const closed = isClosed(card, me.today, lastMonth(card.period));
    byId("unit").hidden = false;
    write(byId("kind"), `${TEXTS[this.language].kinds[card.kind] ?? card.kind} · ${card.code}`);
    write(byId("name"), card.name);
    write(byId("strip-title"), this.say("strip", named(this.say, card.period, true)));
    document.title = `${card.name} · ${named(this.say, card.period)} · Nền nếp`;
    this.showPath(data);
    this.showPeriods(card.period, me.today.slice(0, 7));
    showAlerts(byId("alerts"), data.alerts, {
      say: this.say,
      language: this.language,
      behind: TEXTS[this.language].behind,
      want,
      open: this.does.open,
    });
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

  showPeriods(period, present) {
    const form = formOf(period);
    const current = containing(present, form);
    const newest = period > current ? period : current;
    const periods = Array.from({ length: OFFERED[form] }, (_, back) => step(newest, -back));
    if (!periods.includes(period)) periods.push(period);
    const select = byId("month");
    const wanted = `${this.language} ${periods.join()}`;
    if (select.dataset.shown !== wanted) {
      select.dataset.shown = wanted;
      select.replaceChildren(...periods.map((one) => make("option", { value: one }, named(this.say, one))));
    }
    select.value = period;
    byId("form").value = form;
    byId("month-after").disabled = period >= current;
    for (const [id, key] of [["month", ""], ["month-before", "Before"], ["month-after", "After"]]) {
      byId(id).setAttribute("aria-label", this.say(`${form}${key}`));
    }
  }

  /** The last month of the chart. */
  trendEnds({ card, me }) {
    const [last, present] = [lastMonth(card.period), me.today.slice(0, 7)];
    return last > present && formOf(card.period) !== "month" ? present : last;
  }

  showBelow({ card, children }, closed, marked) {
    const { by, ascending } = this.want;
    const openLabel = this.columns[behind("open", closed)];
    const label = (name) => this.columns[behind(name, closed)];
    const month = named(this.say, card.period, true);
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

  showTrend(data, closed) {
    const { card, trend } = data;
    const isMonth = formOf(card.period) === "month";
    const cards = isMonth ? [...trend.filter((one) => one.period !== card.period), card] : trend;
    const { chart } = this.want;
    const place = byId("chart");
    const wanted = JSON.stringify([cards.map((one) => [one.period, one.parts]), chart, place.clientWidth, closed]);
    if (this.shownTrend === wanted) return;
    this.shownTrend = wanted;
    byId("trend-figure").value = chart;
    drawTrend(place, { cards, period: this.trendEnds(data), name: chart, open: !closed, say: this.say, called: this.columns[chart] });
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
    return this.say("opened", card.name, named(this.say, card.period, true));
  }
}

/** `children` in the order of their names, as Vietnamese is sorted. */
export function byNames(children, ascending) {
  const order = new Intl.Collator("vi", { numeric: true });
  const sorted = [...children].sort((one, other) => order.compare(one.scorecard.name, other.scorecard.name));
  return ascending ? sorted : sorted.reverse();
}

