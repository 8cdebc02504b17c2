/** The dialog behind every figure: the meetings, tasks or branches it is counted from, down to the minutes. */

import { Failure } from "./api.js";
import { byId, make, write } from "./dom.js";
import { figureIn, written } from "./format.js";
import { named } from "./periods.js";

const PAGE = 50;

/** What makes an element open the evidence of a figure; `of`: { unit, name, period } where it is another than the page's. */
export function opens(element, figure, of = {}) {
  element.dataset.evidence = figure;
  for (const [key, value] of Object.entries(of)) element.dataset[key] = value;
}

/** A button that opens the evidence of a figure. */
export function opener(figure, of = {}) {
  const button = make("button", { type: "button", class: "opens" });
  opens(button, figure, of);
  return button;
}

export class Evidence {
  /** `ask(path, parameters)`: the API; `say`: the texts, of `language`. */
  constructor({ ask }) {
    this.ask = ask;
    this.catalogue = null;
    this.dialog = byId("evidence");
    this.dialog.addEventListener("close", () => this.giveBack());
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    byId("evidence-close").addEventListener("click", () => this.dialog.close());
    byId("evidence-more").addEventListener("click", () => this.more());
  }

  build(say, language) {
    this.say = say;
    this.language = language;
    if (this.dialog.open) this.dialog.close();
  }

  /** The browser gives the focus back to what was pressed; where that was made anew meanwhile, to its successor. */
  giveBack() {
    if (!this.pressed?.isConnected) (byId(this.pressed?.id) ?? byId("name")).focus();
  }

  /** Show what stands behind `figure` of { unit, name, period }; `pressed`: what opens it. */
  async open(figure, of, pressed) {
    this.pressed = pressed;
    this.of = { figure, ...of };
    this.cursor = null;
    byId("evidence-list").replaceChildren();
    write(byId("evidence-of"), `${of.name} · ${named(this.say, of.period)}`);
    write(byId("evidence-title"), "…");
    write(byId("evidence-about"), "");
    this.dialog.showModal();
    byId("evidence-title").focus();
    await this.more();
  }

  async more() {
    const { figure, unit, period } = this.of;
    const mine = this.of;
    const more = byId("evidence-more");
    more.hidden = true;
    write(byId("evidence-state"), this.say("evidenceComing"));
    try {
      this.catalogue ??= new Map((await this.ask("figures")).map((one) => [one.name, one]));
      const asked = { period, limit: PAGE, ...(this.cursor ? { cursor: this.cursor } : {}) };
      const page = await this.ask(`units/${unit}/figures/${figure}/evidence`, asked);
      if (mine !== this.of) return;
      this.show(page);
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      if (mine !== this.of) return;
      write(byId("evidence-state"), failure.detail || this.say("evidenceLost"));
      more.hidden = false;
    }
  }

  show(page) {
    const isFirst = this.cursor === null;
    this.cursor = page.next_cursor;
    const list = byId("evidence-list");
    write(byId("evidence-title"), page.vi);
    const value = written(page.value, figureIn(page));
    const made = page.formula === null ? "" : ` = ${page.terms.map((name) => this.called(name)).join(" / ")}`;
    const meaning = this.language === "en" ? ` – ${page.en}` : "";
    write(byId("evidence-about"), `${value}${page.terms.length > 1 ? made : ""}${meaning}`);
    list.append(...page.items.map((item) => this.row(item)));
    const count = list.children.length;
    const state = count === 0 ? this.say("evidenceNone") : this.say("evidenceCount", written(count, "count"));
    write(byId("evidence-state"), this.cursor === null ? state : `${state} ${this.say("evidenceGoesOn")}`);
    byId("evidence-more").hidden = this.cursor === null;
    if (isFirst) list.scrollTop = 0;
  }

  called(name) {
    return this.catalogue.get(name)?.vi ?? this.say("memberMonths");
  }

  row(item) {
    const { say } = this;
    const day = item.kind === "branch" ? named(say, item.month) : item.day.split("-").map(Number).reverse().join("/");
    const counts = Object.entries(item.contributed).map(([name, count]) => `${this.called(name)}: ${written(count, "count")}`);
    const cited = item.rule === null ? [] : [`${item.rule.citation} (${item.rule.issuer})`];
    return make(
      "li",
      {},
      make("p", { class: "where" }, make("b", {}, item.branch_name), ` · ${item.branch_code} · ${day}`),
      make("p", {}, item.why.vi, this.language === "en" ? make("span", { class: "soft", lang: "en" }, ` ${item.why.en}`) : null),
      make("p", { class: "soft counts" }, [...counts, ...cited].join(" · ")),
      make("p", { class: "soft counts" }, `${say(`evidence_${item.kind}`)} `, make("code", {}, item.id)),
    );
  }
}
