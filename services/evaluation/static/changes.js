/** What changed in a unit and those directly below, as the server tells it (server-sent events over fetch: the
 * browser's own EventSource cannot carry a token). */

const SETTLED = 1_000; // milliseconds on one unit before it is listened to: who clicks on opens no streams on the way
const WAITS = [2_000, 5_000, 15_000, 30_000]; // milliseconds between two attempts to connect

export class Changes {
  /** `told(units)`: scorecards changed; without units: read everything anew. `turned()`: connected, or not any more. */
  constructor({ token, told, turned }) {
    Object.assign(this, { token, told, turned });
    this.unit = null;
    this.isOpen = false;
  }

  /** Listen to `unit` from now on; null: to nothing. */
  listen(unit) {
    if (this.unit === unit) return;
    this.unit = unit;
    this.lastId = null;
    this.failures = 0;
    this.drop();
    if (unit !== null) this.timer = setTimeout(() => this.connect(unit), SETTLED);
  }

  drop() {
    clearTimeout(this.timer);
    this.leaving?.abort();
    this.set(false);
  }

  set(isOpen) {
    if (this.isOpen === isOpen) return;
    this.isOpen = isOpen;
    this.turned();
  }

  async connect(unit) {
    const leaving = (this.leaving = new AbortController());
    try {
      const headers = { Authorization: `Bearer ${this.token()}`, Accept: "text/event-stream" };
      if (this.lastId !== null) headers["Last-Event-ID"] = this.lastId;
      const address = `v1/units/${unit}/changes?depth=children`;
      const answer = await fetch(address, { headers, credentials: "omit", cache: "no-store", signal: leaving.signal });
      if (!answer.ok) {
        // Busy is worth another attempt; a refusal is told by the figures' own requests.
        if (answer.status === 429 || answer.status >= 500) this.again(unit, Number(answer.headers.get("Retry-After")) * 1000);
        return;
      }
      this.failures = 0;
      this.set(true);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        const blocks = (rest + part.value).split("\n\n");
        rest = blocks.pop();
        this.take(blocks);
      }
    } catch {
      // The connection was lost, or we left: what follows is the same.
    }
    if (leaving.signal.aborted) return;
    this.again(unit, 0);
    this.set(false);
  }

  again(unit, least) {
    const wait = Math.max(least || 0, WAITS[Math.min(this.failures, WAITS.length - 1)]);
    this.failures += 1;
    this.timer = setTimeout(() => this.connect(unit), wait);
  }

  take(blocks) {
    const units = new Set();
    let isNew = false;
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: ?(.*)/s, 2)));
      if (fields.id !== undefined) this.lastId = fields.id;
      if (fields.event === "scorecard") units.add(JSON.parse(fields.data).unit_id);
      if (fields.event === "reset") isNew = true;
    }
    if (isNew) this.told(null);
    else if (units.size > 0) this.told(units);
  }
}
