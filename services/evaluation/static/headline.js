/** The figures of the month at the head of the page: the strip, and the self scores. */

import { bar, make, setBar, write } from "./dom.js";
import { written } from "./format.js";

const GRADES = ["grade_good", "grade_fair", "grade_average", "grade_weak"];

/** What each place of the strip says of a scorecard: label, figure, what stands beside it, notes, share of its bar. */
const STRIP = [
  {
    label: "held",
    figure: ({ parts }) => written(parts.regular_held, "count"),
    beside: ({ derived }, say) => say("heldOf", written(derived.due, "count")),
    notes: heldNotes,
    share: ({ derived }) => derived.held_rate,
  },
  {
    label: "attendance",
    figure: ({ derived }) => written(derived.attendance_rate, "percent"),
    notes: ({ parts }, say) =>
      parts.owed === 0
        ? say("noReports")
        : `${say("attendanceOf", written(parts.present, "count"), written(parts.owed, "count"))} · ` +
          say("withoutReason", written(parts.absent_without_reason, "count")),
    share: ({ derived }) => derived.attendance_rate,
  },
  ofHeld("onTime", "on_time_rate", "regular_on_time", "late", "noneLate"),
  ofHeld("conclusion", "conclusion_rate", "with_conclusion", "lacking", "noneLacking"),
  ofHeld("tasks", "task_rate", "with_tasks", "lacking", "noneLacking"),
  {
    label: "tasksDone",
    figure: ({ derived }) => written(derived.tasks_done_rate, "percent"),
    notes: ({ parts }, say) =>
      parts.tasks_due === 0
        ? say("noTasks")
        : `${say("tasksOf", written(parts.tasks_done, "count"), written(parts.tasks_due, "count"))} · ` +
          say("doneLate", written(parts.tasks_done_late, "count")),
    share: ({ derived }) => derived.tasks_done_rate,
  },
];

function heldNotes({ parts, derived }, say) {
  if (derived.due === 0) return say("noneDue");
  const notes = [
    derived.missing > 0 && say("missing", written(derived.missing, "count")),
    derived.awaited > 0 && say("awaited", written(derived.awaited, "count")),
    parts.not_held > 0 && say("notHeld", written(parts.not_held, "count")),
  ].filter(Boolean);
  return notes.join(" · ") || say("nothingOpen");
}

/** A share of the meetings held, with how many fall short of it. */
function ofHeld(label, rate, part, some, none) {
  return {
    label,
    figure: ({ derived }) => written(derived[rate], "percent"),
    notes: ({ parts }, say) => {
      if (parts.regular_held === 0) return say("noReports");
      const short = parts.regular_held - parts[part];
      return short > 0 ? say(some, written(short, "count")) : say(none);
    },
    share: ({ derived }) => derived[rate],
  };
}

/** The strip in `place`, its texts by `say`; returns what shows a scorecard in it. */
export function strip(place, say) {
  const parts = STRIP.map((one) => {
    const made = { one, figure: make("span", { class: "figure" }), beside: make("span", { class: "of" }) };
    made.notes = make("span", { class: "notes" });
    made.bar = bar();
    made.row = make(
      "div",
      { "data-figure": one.label },
      make("dt", {}, say(one.label)),
      make("dd", {}, make("span", {}, made.figure, " ", made.beside), made.notes, made.bar),
    );
    return made;
  });
  place.replaceChildren(...parts.map((part) => part.row));
  return (card, marked) => {
    for (const { one, figure, beside, notes, bar: drawn } of parts) {
      write(figure, one.figure(card), marked);
      write(beside, one.beside ? one.beside(card, say) : "");
      write(notes, one.notes(card, say), marked);
      setBar(drawn, one.share(card));
    }
  };
}

/** The self scores in `place`; returns what shows a scorecard in it. */
export function grades(place, say) {
  const mean = make("span", { class: "figure" });
  const of = make("span", { class: "of" });
  const segments = GRADES.map((name) => make("span", { class: name }));
  const stack = make("div", { class: "stack", role: "img" }, ...segments);
  const lines = GRADES.map((name) => {
    const line = { count: make("span", { class: "count" }), share: make("span", { class: "share" }) };
    const swatch = make("span", { class: `swatch ${name}`, "aria-hidden": "true" });
    line.row = make("li", {}, swatch, make("span", {}, say(name)), line.count, line.share);
    return line;
  });
  const none = make("p", { class: "soft" }, say("gradesNone"));
  const some = make("div", {}, make("p", {}, mean, " ", of), stack, make("ul", { class: "grades" }, ...lines.map((l) => l.row)));
  place.replaceChildren(some, none);
  return (card, marked) => {
    const scored = card.parts.self_scored;
    some.hidden = scored === 0;
    none.hidden = scored !== 0;
    write(mean, written(card.derived.average_self_points, "points"), marked);
    write(of, say("gradesMean", written(scored, "count")), marked);
    GRADES.forEach((name, place_) => {
      const share = scored ? card.parts[name] / scored : 0;
      segments[place_].style.width = `${share * 100}%`;
      segments[place_].hidden = card.parts[name] === 0;
      write(lines[place_].count, written(card.parts[name], "count"), marked);
      write(lines[place_].share, written(share, "percent"));
    });
    const said = GRADES.map((name) => `${say(name)} ${written(card.parts[name], "count")}`).join(", ");
    stack.setAttribute("aria-label", say("gradeBar", said));
  };
}
