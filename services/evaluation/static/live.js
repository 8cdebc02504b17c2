/** The live page: fetches what the address asks for, again when the server tells of a change, and shows it. */

import * as address from "./address.js";
import { alertsAsked } from "./alerts.js";
import { Failure, forget as forgetAnswers, get } from "./api.js";
import { Changes } from "./changes.js";
import { byId, write } from "./dom.js";
import { Evidence } from "./evidence.js";
import { behind, isClosed, timeOfDay } from "./format.js";
import { Page, byNames } from "./page.js";
import { containing, lastMonth, named, step } from "./periods.js";
import { monthsUntil } from "./trend.js";

const EVERY = 1000; // milliseconds between two looks while the server tells of no changes
const EVERY_TOLD = 5000; // while it does: for the present day
const LEAST = 1000; // between two looks, however often something changes
const LONGEST_WAIT = 30_000; // between two attempts while the connection is lost
const SAID_EVERY = 10_000; // between two spoken summaries
const OTHERS_EVERY = 10_000; // children, when the unit's own figures stand still
const TREND_EVERY = 60_000; // earlier months, which seldom change
const ALERTS_EVERY = 60_000;
const ME_EVERY = 4_000; // the present day, and where the reader begins

const page = new Page({ open, sort });
const changes = new Changes({ token: address.token, told, turned: () => soon(0) });
let want = address.wanted();
let data = null; // what is shown: { me, card, children, path, trend, at }, each of the unit and month of `data.key`
let asked = 0; // a new unit, month or token makes older answers void
let failures = 0;
let paused = false;
let manyAlerts = false;
let timer = null;
let timerDue = 0;
let saidAt = 0;
let said = "";
const since = {}; // when what was fetched last

const old = (what, age) => Date.now() - (since[what] ?? 0) > age;
const ask = (path, parameters = {}) => get(path, parameters, { token: address.token(), language: page.language });

const evidence = new Evidence({ ask });

/** Look again, in `wait` milliseconds at the latest. */
function soon(wait) {
  if (paused || data === null || failures > 0) return;
  const due = Math.max(Date.now() + wait, (since.look ?? 0) + LEAST);
  if (timer !== null && timerDue <= due) return;
  clearTimeout(timer);
  timerDue = due;
  timer = setTimeout(look, Math.max(0, due - Date.now()));
}

/** The server told of changes in these units (null: in whatever it was). */
function told(units) {
  if (units === null || data === null || !units.has(data.card.unit_id)) since.children = 0;
  soon(0);
}

async function look() {
  clearTimeout(timer);
  timer = null;
  if (document.visibilityState !== "visible" || !address.token()) return;
  const mine = ++asked;
  since.look = Date.now();
  try {
    const fetched = await fetchAll(() => mine === asked);
    if (mine !== asked || fetched === null) return;
    succeed(fetched);
  } catch (failure) {
    if (mine !== asked) return;
    if (!(failure instanceof Failure)) throw failure;
    fail(failure);
  }
}

/** Everything the page shows; what cannot have changed is taken from what is shown. Null: no unit to show. */
async function fetchAll(valid) {
  let me = data?.me ?? null;
  if (me === null || old("me", ME_EVERY)) {
    me = await ask("me");
    if (!valid()) return null;
    since.me = Date.now();
  }
  const unit = want.unit ?? me.units[0]?.unit_id;
  if (unit === undefined) throw new Failure("empty");
  const period = want.period ?? me.today.slice(0, 7);
  const key = `${unit} ${period}`;
  const kept = data?.key === key ? data : null;
  const card = await ask(`units/${unit}/scorecard`, { period });
  const order = want.by === "name" ? "attendance_rate" : ordered(want.by, card, me);
  const rank = `${order} ${want.ascending}`;
  const isNew = kept === null || kept.card.version !== card.version;
  const months = monthsUntil(page.trendEnds({ card, me }));
  const [children, path, trend, alerts] = await Promise.all([
    isNew || kept.rank !== rank || old("children", OTHERS_EVERY)
      ? ask(`units/${unit}/children`, { period, order_by: order, descending: !want.ascending }).then(touch("children"))
      : kept.children,
    kept?.path ?? ask(`units/${unit}/path`, { period }),
    kept === null || old("trend", TREND_EVERY)
      ? ask(`units/${unit}/trend`, { from: months[0], to: months.at(-1) }).then(touch("trend"))
      : kept.trend,
    kept === null || old("alerts", ALERTS_EVERY)
      ? ask(`units/${unit}/alerts`, alertsAsked(manyAlerts)).then(touch("alerts")).catch(() => null)
      : kept.alerts,
  ]);
  return { key, rank, me, card, children, path, trend, alerts, at: new Date() };
}

const ordered = (by, card, me) => behind(by, isClosed(card, me.today, lastMonth(card.period)));

function touch(what) {
  return (answer) => {
    since[what] = Date.now();
    return answer;
  };
}

function succeed(fetched) {
  const same = data?.key === fetched.key;
  failures = 0;
  data = fetched;
  only("unit");
  byId("lost").hidden = true;
  show(same);
  page.showPulse(paused ? "paused" : "live", data.at);
  speak(same);
  changes.listen(paused ? null : data.card.unit_id);
  soon(changes.isOpen ? EVERY_TOLD : EVERY);
}

function show(marked) {
  const children = want.by === "name" ? byNames(data.children, want.ascending) : data.children;
  page.show({ ...data, children }, want, marked);
}

/** Say politely what changed, at most every ten seconds; a newly opened unit or month at once. */
function speak(same) {
  const summary = page.summary(data);
  if (!same) {
    said = summary;
    write(byId("said"), `${page.opening(data)} ${summary}`);
  } else if (summary !== said && Date.now() - saidAt >= SAID_EVERY) {
    said = summary;
    write(byId("said"), summary);
  } else return;
  saidAt = Date.now();
}

function fail(failure) {
  const { say } = page;
  if (failure.kind === "token") {
    address.forgetToken();
    forget();
    changes.listen(null);
    showDoor("doorEnded", "doorEndedWhy");
    return;
  }
  if (failure.passes || failure.kind === "empty") {
    failures += 1;
    timer = setTimeout(look, Math.min(LONGEST_WAIT, EVERY * 2 ** failures));
  }
  if (failure.passes) {
    const key = failure.kind === "busy" ? "busy" : "lost";
    const fits = data !== null && data.key === `${want.unit ?? data.card.unit_id} ${want.period ?? data.card.period}`;
    if (!fits) only(null);
    write(byId("lost-text"), fits ? say(key, timeOfDay(data.at)) : say(`${key}Bare`));
    byId("lost").hidden = false;
    if (fits) page.showPulse("old", data.at);
    return;
  }
  byId("lost").hidden = true;
  const period = want.period ?? data?.me.today.slice(0, 7) ?? "";
  const texts = {
    role: [say("roleTitle"), say("roleWhy")],
    outside: [say("outsideTitle"), say("outsideWhy")],
    absent: [say("absentTitle", named(say, period, true)), say("absentWhy")],
    request: [say("requestTitle"), say("requestWhy", failure.detail)],
    empty: [say("emptyTitle"), say("emptyWhy")],
  }[failure.kind];
  const before = byId("refused").hidden;
  only("refused");
  write(byId("refused-title"), texts[0]);
  write(byId("refused-text"), texts[1]);
  byId("refused-home").hidden = failure.kind === "role" || failure.kind === "empty";
  document.title = `${texts[0]} · Nền nếp`;
  if (before) byId("refused-title").focus();
}

/** Show one of the page's states. */
function only(shown) {
  for (const id of ["door", "refused", "unit"]) byId(id).hidden = id !== shown;
  byId("leave").hidden = shown === "door" || !address.token();
}

function showDoor(title = "door", why = "doorWhy") {
  only("door");
  byId("lost").hidden = true;
  byId("door").dataset.why = why;
  write(byId("door-title"), page.say(title));
  write(byId("door-text"), page.say(why));
  document.title = `${page.say(title)} · Nền nếp`;
  byId("door").dataset.title = title;
}

function forget() {
  clearTimeout(timer);
  asked += 1;
  failures = 0;
  data = null;
  forgetAnswers();
  changes.listen(null);
  for (const what of Object.keys(since)) delete since[what];
}

/** Go to what `changes` ask for; `kept`: as a step that Back undoes. */
function go(changes, kept) {
  want = { ...want, ...changes };
  history[kept ? "pushState" : "replaceState"](null, "", address.query(want));
  look();
}

function open(event, unitId) {
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go({ unit: unitId }, true);
  scrollTo(0, 0);
  byId("name").focus({ preventScroll: true });
}

function sort(by) {
  const again = by === want.by;
  go({ by, ascending: again ? !want.ascending : by === "name" }, false);
}

function start() {
  if (address.token()) {
    only(data === null ? null : "unit");
    look();
  } else showDoor();
}

function listen() {
  const on = (id, event, act) => byId(id).addEventListener(event, act);
  on("language", "click", () => {
    address.keepLanguage(page.language === "vi" ? "en" : "vi");
    build();
    byId("said").textContent = "";
    if (!byId("door").hidden) showDoor(byId("door").dataset.title, byId("door").dataset.why);
    else if (data !== null && !byId("unit").hidden) {
      show(false);
      page.showPulse(failures ? "old" : paused ? "paused" : "live", data.at);
    }
    look();
  });
  on("token-form", "submit", (event) => {
    event.preventDefault();
    const fault = address.keepToken(byId("token").value);
    write(byId("token-fault"), fault ? page.say(fault) : "");
    byId("token").setAttribute("aria-invalid", String(fault !== null));
    if (fault !== null) return byId("token").focus();
    byId("token").value = "";
    return start();
  });
  on("leave", "click", () => {
    address.forgetToken();
    forget();
    showDoor();
    byId("door-title").focus();
  });
  on("pause", "click", () => {
    paused = !paused;
    clearTimeout(timer);
    page.showPulse(paused ? "paused" : "live", data.at);
    if (paused) changes.listen(null);
    else look();
  });
  for (const id of ["again", "refused-again"]) on(id, "click", look);
  on("refused-home", "click", (event) => {
    event.preventDefault();
    go({ unit: null, period: null }, true);
  });
  const period = () => byId("month").value;
  on("month", "change", () => go({ period: period() }, true));
  const present = () => data.me.today.slice(0, 7);
  const following = (chosen) => (chosen === present() ? null : chosen); // the present month is followed when it turns
  on("month-before", "click", () => go({ period: step(period(), -1) }, true));
  on("month-after", "click", () => go({ period: following(step(period(), 1)) }, true));
  on("form", "change", () => {
    const last = lastMonth(period());
    go({ period: following(containing(last < present() ? last : present(), byId("form").value)) }, true);
  });
  byId("unit").addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-evidence]");
    if (pressed === null || data === null) return;
    const { unit, name, period: of } = pressed.dataset;
    const { card } = data;
    evidence.open(pressed.dataset.evidence, {
      unit: unit ?? card.unit_id,
      name: name ?? card.name,
      period: of ?? card.period,
    }, pressed);
  });
  on("alerts-more", "click", () => {
    manyAlerts = true;
    since.alerts = 0;
    look();
  });
  on("sort", "change", () => go({ by: byId("sort").value, ascending: byId("sort").value === "name" }, false));
  on("direction", "click", () => go({ ascending: !want.ascending }, false));
  on("trend-figure", "change", () => {
    go({ chart: byId("trend-figure").value }, false);
    show(false);
  });
  addEventListener("popstate", () => {
    want = address.wanted();
    look();
  });
  addEventListener("hashchange", () => {
    if (!address.takeToken()) return;
    forget();
    start();
  });
  addEventListener("online", look);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") changes.listen(null);
    else if (!paused) look();
  });
  new ResizeObserver(() => data !== null && !byId("unit").hidden && show(false)).observe(byId("content"));
}

function build() {
  page.build(address.language());
  evidence.build(page.say, page.language);
}

address.takeToken();
build();
listen();
start();
