/** One figure over twelve months: a line, and the same as a table. */

import { draw, make } from "./dom.js";
import { opener } from "./evidence.js";
import { FIGURES, addMonths, figure, monthParts, written } from "./format.js";

const MONTHS = 12;
const HEIGHT = 220;
const EDGE = { top: 26, right: 26, bottom: 42, left: 68 }; // pixels around the line; the left holds the scale
const STEPS = [2, 5, 10, 20, 25, 50]; // points between two lines of the scale
const ROOM_FOR_FIGURE = 50; // pixels a written figure needs

/** The months shown, the last of them `period`. */
export function monthsUntil(period) {
  return Array.from({ length: MONTHS }, (_, place) => addMonths(period, place - MONTHS + 1));
}

/** Draw `name` of `cards` (by month, where the unit was in force) into `place`; `open`: the last month is not over. */
export function drawTrend(place, { cards, period, name, open, say, called }) {
  const { as } = FIGURES.find((one) => one.name === name);
  const known = new Map(cards.map((card) => [card.period, figure(card, name)]));
  const points = monthsUntil(period).map((month, index) => ({ month, index, value: known.get(month) ?? null }));
  const said = points.filter((point) => point.value !== null);
  if (said.length === 0) {
    place.replaceChildren(make("p", { class: "soft" }, say("trendNone")));
    return;
  }
  const width = Math.max(260, place.clientWidth);
  const scale = scales(said, width, as);
  const lowest = said.reduce((low, point) => (point.value < low.value ? point : low));
  const last = said[said.length - 1];
  const alternative = say(
    "trendAlt",
    called,
    say("monthIn", ...monthParts(points[0].month)),
    say("monthIn", ...monthParts(period)),
    written(lowest.value, as),
    written(last.value, as),
  );
  const drawing = draw(
    "svg",
    { role: "img", "aria-label": alternative, width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}` },
    ...scale.ticks.map((tick) => rule(tick, scale, width, as)),
    ...monthLabels(points, scale),
    ...lines(points, scale, open),
    ...said.map((point) => dot(point, scale, open && point.month === period)),
    ...said
      .filter((point) => scale.step >= ROOM_FOR_FIGURE || point === lowest || point === last)
      .map((point) => label(point, points, scale, as, point === last)),
  );
  const note = make("p", { class: "soft note" }, make("span", { class: "hollow", "aria-hidden": "true" }), say("provisional"));
  place.replaceChildren(drawing, ...(open ? [note] : []));
}

/** Where values stand: from a step below the lowest to a step above the highest, in two to five even steps. */
function scales(said, width, as) {
  const values = said.map((point) => point.value * (as === "percent" ? 100 : 1));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const size = STEPS.find((one) => (high - low) / one <= 3.2) ?? STEPS[STEPS.length - 1];
  let base = Math.max(0, Math.floor(low / size - 0.3) * size);
  const most = Math.min(100, Math.max(base + 2 * size, Math.ceil(high / size) * size));
  base = Math.min(base, most - 2 * size);
  const ticks = [];
  for (let tick = base; tick <= most; tick += size) ticks.push(tick);
  const step = (width - EDGE.left - EDGE.right) / (MONTHS - 1);
  const tall = HEIGHT - EDGE.top - EDGE.bottom;
  const unit = as === "percent" ? 100 : 1;
  const height = (value) => EDGE.top + ((most - value) / (most - base)) * tall;
  return { ticks, step, x: (index) => EDGE.left + index * step, y: (value) => height(value * unit), height };
}

function rule(tick, scale, width, as) {
  const y = scale.height(tick);
  const said = as === "percent" ? `${tick}%` : String(tick);
  return draw(
    "g",
    { class: "rule" },
    draw("line", { x1: EDGE.left - 24, x2: width, y1: y, y2: y }),
    draw("text", { x: EDGE.left - 30, y: y + 4, "text-anchor": "end" }, said),
  );
}

function monthLabels(points, scale) {
  const every = scale.step < 26 ? 3 : 1;
  return points
    .filter((point) => (MONTHS - 1 - point.index) % every === 0)
    .map((point) => {
      const [month, year] = monthParts(point.month);
      const named = point.index === 0 || month === "1" || (every > 1 && point.index < every);
      return draw(
        "text",
        { class: "month-name", x: scale.x(point.index), y: HEIGHT - 12, "text-anchor": "middle" },
        named || every > 1 ? `${month}/${year.slice(2)}` : month,
      );
    });
}

/** Lines between neighbouring months that both say something; broken towards a month that is not over. */
function lines(points, scale, open) {
  return points.slice(1).flatMap((point) => {
    const before = points[point.index - 1];
    if (before.value === null || point.value === null) return [];
    const provisional = open && point.index === MONTHS - 1;
    return [
      draw("line", {
        class: provisional ? "step provisional" : "step",
        x1: scale.x(before.index),
        y1: scale.y(before.value),
        x2: scale.x(point.index),
        y2: scale.y(point.value),
      }),
    ];
  });
}

/** A point's figure: above it, but below where the line comes down to it. */
function label(point, points, scale, as, isLast) {
  const beside = [points[point.index - 1]?.value, points[point.index + 1]?.value].filter((value) => value != null);
  const isDip = beside.length > 0 && beside.every((value) => value > point.value);
  const y = scale.y(point.value) + (isDip ? 19 : -10);
  const attributes = { class: isLast ? "value last" : "value", "text-anchor": "middle", x: scale.x(point.index), y };
  return draw("text", attributes, written(point.value, as));
}

function dot(point, scale, provisional) {
  return draw("circle", { class: provisional ? "provisional" : "", cx: scale.x(point.index), cy: scale.y(point.value), r: 4 });
}

/** Every figure of the months as a table in `place`, the newest month first. */
export function tabulateTrend(place, { cards, say, columns, caption }) {
  const shown = FIGURES.filter((one) => one.name !== "open");
  const head = make("tr", {}, make("th", { scope: "col" }, say("month")), ...shown.map((one) => make("th", { scope: "col" }, columns[one.name])));
  const rows = [...cards].reverse().map((card) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, `${monthParts(card.period).join("/")}`),
      ...shown.map((one) => make("td", {}, cell(card, one, say, columns))),
    ),
  );
  place.replaceChildren(
    make("table", {}, make("caption", { class: "unseen" }, caption), make("thead", {}, head), make("tbody", {}, ...rows)),
  );
}

function cell(card, { name, as }, say, columns) {
  const button = opener(name, { period: card.period });
  const said = written(figure(card, name), as);
  button.textContent = said;
  button.setAttribute("aria-label", say("opensEvidence", `${columns[name]}, ${monthParts(card.period).join("/")}`, said));
  return button;
}
