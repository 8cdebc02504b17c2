/** The read API of this origin, asked with the reader's token. */

const PATIENCE = 10_000; // milliseconds before an answer counts as lost

/**
 * Why there are no figures. `kind`: `token` (401), `role` and `outside` (403), `absent` (404), `request` (400, 422):
 * waiting does not help; `busy` (the server answers, but not this) and `lost` (no answer): trying again may.
 */
export class Failure extends Error {
  constructor(kind, detail = "") {
    super(kind);
    this.kind = kind;
    this.detail = detail;
  }

  get passes() {
    return this.kind === "busy" || this.kind === "lost";
  }
}

const kept = new Map(); // address → the answer and its tag: asked again, an answer that is the same is not sent again
const MOST_KEPT = 60;

/** Forget every answer: another reader may come. */
export const forget = () => kept.clear();

/** The answer to GET v1/`path`. Throws Failure. */
export async function get(path, parameters, { token, language }) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const address = `v1/${path}?${new URLSearchParams(parameters)}`;
    const before = kept.get(address);
    const tag = before ? { "If-None-Match": before.tag } : {};
    const answer = await fetch(address, {
      headers: { Authorization: `Bearer ${token}`, "Accept-Language": language, ...tag },
      credentials: "omit",
      cache: "no-store",
      signal: patience.signal,
    });
    if (answer.status === 304 && before) return before.body;
    if (answer.ok) return keep(address, answer.headers.get("ETag"), await answer.json());
    throw await refusal(answer);
  } catch (error) {
    throw error instanceof Failure ? error : new Failure("lost");
  } finally {
    clearTimeout(timer);
  }
}

function keep(address, tag, body) {
  kept.delete(address);
  if (tag !== null) kept.set(address, { tag, body });
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
  return body;
}

async function refusal(answer) {
  const problem = await answer.json().catch(() => ({}));
  const kinds = { 400: "request", 401: "token", 403: problem.rule === "role" ? "role" : "outside", 404: "absent", 422: "request" };
  return new Failure(kinds[answer.status] ?? "busy", problem.detail ?? "");
}
