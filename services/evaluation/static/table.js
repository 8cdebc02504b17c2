/** The units directly below, ranked; rows are kept and changed in place, so that focus and reading are not lost. */

import { arrange, bar, make, setBar, write } from "./dom.js";
import { opener, opens } from "./evidence.js";
import { FIGURES, behind, figure, written } from "./format.js";

const LEAST_DISTANCE = { percent: 0.01, points: 1 }; // a difference smaller than this is no weakness
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const LOWEST_SHARE = 5; // one in five

/**
 * The table in `place`. `columns`: the name of each figure; `sort(by)`: a column's button was pressed;
 * `open(event, unitId)`: a unit's link was; `address(unitId)`: what that link points to.
 * Returns what shows `children` beside the whole `card`, ranked by `by` ("name": in the order of names, without ranks);
 * a period that is not `closed` has meetings to come, so few held is no weakness yet. One figure of each row is a stop of
 * the Tab key, the one ranked by; the arrow keys lead to the others.
 */
export function table(place, { say, columns, sort, open, address }) {
  const caption = make("caption", { class: "unseen" });
  const nameHead = head("name", say("unit"), sort);
  const heads = FIGURES.map((one) => head(one.name, columns[one.name] ?? "", sort));
  const body = make("tbody", { role: "rowgroup" });
  const whole = row(null);
  const rankHead = make("th", { scope: "col", role: "columnheader", class: "rank", "aria-describedby": "legend" }, say("rank"));
  const headRow = make("tr", { role: "row" }, rankHead, nameHead.cell, ...heads.map((one) => one.cell));
  place.replaceChildren(
    make(
      "table",
      { role: "table", class: "units" },
      caption,
      make("thead", { role: "rowgroup" }, headRow),
      body,
      make("tfoot", { role: "rowgroup" }, whole.row),
    ),
  );
  const rows = new Map();
  place.firstElementChild.addEventListener("keydown", (event) => {
    const [across, down] = STEPS[event.key] ?? [];
    const from = event.target.closest(".opens")?.closest("td");
    if (across === undefined || !from) return;
    const lines = [...place.querySelectorAll("tbody tr, tfoot tr")];
    const line = lines[lines.indexOf(from.parentElement) + down];
    line?.children[[...from.parentElement.children].indexOf(from) + across]?.querySelector(".opens")?.focus();
    event.preventDefault();
  });

  function row(unitId) {
    const link = unitId === null ? make("span", {}, say("whole")) : make("a", { href: address(unitId) });
    if (unitId !== null) link.addEventListener("click", (event) => open(event, unitId));
    const rank = make("td", { role: "cell", class: "rank" });
    const cells = FIGURES.map((one) => {
      const made = { figure: opener(one.name), weak: make("span", { class: "weak", hidden: true }), bar: bar() };
      made.figure.classList.add("value");
      made.weak.append(make("span", { "aria-hidden": "true" }, "▼"), make("span", { class: "unseen" }, ` (${say("low")})`));
      made.cell = make("td", { role: "cell", class: `of-${one.name}` }, made.weak, made.figure, made.bar);
      return made;
    });
    const name = make("th", { role: "rowheader", scope: "row" }, link);
    return { link, rank, cells, row: make("tr", { role: "row" }, rank, name, ...cells.map((made) => made.cell)) };
  }

  function showRow(shown, card, rank, by, weak, closed, marked) {
    write(shown.rank, rank === null ? "" : written(rank, "count"));
    FIGURES.forEach((one, at) => {
      const { cell, figure: value, weak: flag, bar: drawn } = shown.cells[at];
      const name = behind(one.name, closed);
      const said = written(figure(card, name), one.as);
      write(value, said, marked);
      opens(value, name, { unit: card.unit_id, name: card.name, period: card.period });
      value.setAttribute("aria-label", say("opensEvidence", `${card.name}, ${heads[at].label.textContent}`, said));
      value.tabIndex = one.name === by || (by === "name" && at === 0) ? 0 : -1;
      flag.hidden = !weak.has(one.name);
      cell.classList.toggle("is-weak", weak.has(one.name));
      cell.classList.toggle("sorted", one.name === by);
      cell.dataset.label = heads[at].label.textContent;
      drawn.hidden = one.as !== "percent";
      setBar(drawn, one.as === "percent" ? figure(card, one.name) : 0);
    });
  }

  return ({ card, children, by, ascending, closed, openLabel, saidCaption, marked }) => {
    write(caption, saidCaption);
    write(heads[FIGURES.findIndex((one) => one.name === "open")].label, openLabel);
    for (const one of [nameHead, ...heads]) setOrder(one, by, ascending);
    const judged = FIGURES.filter((one) => one.low && (closed || one.name !== "held_rate"));
    const weak = weaknesses(judged, card, children.map((ranked) => ranked.scorecard));
    for (const unitId of [...rows.keys()]) {
      if (!children.some((ranked) => ranked.scorecard.unit_id === unitId)) rows.delete(unitId);
    }
    for (const { rank, scorecard } of children) {
      const isNew = !rows.has(scorecard.unit_id);
      if (isNew) rows.set(scorecard.unit_id, row(scorecard.unit_id));
      const shown = rows.get(scorecard.unit_id);
      write(shown.link, scorecard.name);
      shown.link.href = address(scorecard.unit_id);
      showRow(shown, scorecard, by === "name" ? null : rank, by, weak.get(scorecard.unit_id), closed, marked && !isNew);
    }
    arrange(body, children.map((ranked) => rows.get(ranked.scorecard.unit_id).row));
    showRow(whole, card, null, by, new Set(), closed, marked);
  };
}

function head(name, said, sort) {
  const label = make("span", {}, said);
  const arrow = make("span", { class: "arrow", "aria-hidden": "true" });
  const button = make("button", { type: "button", "data-sort": name }, label, arrow);
  button.addEventListener("click", () => sort(name));
  return { name, label, arrow, cell: make("th", { scope: "col", role: "columnheader", class: `of-${name}` }, button) };
}

function setOrder({ name, cell, arrow }, by, ascending) {
  cell.classList.toggle("sorted", name === by);
  if (name === by) cell.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  else cell.removeAttribute("aria-sort");
  write(arrow, name === by ? (ascending ? "▲" : "▼") : "");
}

/** By unit, those of the figures `judged` in which it is in the column's lowest fifth and clearly below the whole. */
function weaknesses(judged, whole, cards) {
  const found = new Map(cards.map((card) => [card.unit_id, new Set()]));
  for (const { name, as } of judged) {
    const said = cards.filter((card) => figure(card, name) !== null);
    const values = said.map((card) => figure(card, name)).sort((one, other) => one - other);
    const bound = values[Math.ceil(values.length / LOWEST_SHARE) - 1];
    for (const card of said) {
      const value = figure(card, name);
      if (value <= bound && figure(whole, name) - value >= LEAST_DISTANCE[as]) found.get(card.unit_id).add(name);
    }
  }
  return found;
}
