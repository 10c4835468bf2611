const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Cloud Tasks keeps a task for 30 days: https://cloud.google.com/tasks/docs/quotas */
export const MAX_DAYS_AHEAD = 28;

const UNITS: readonly (readonly [pattern: RegExp, ms: number])[] = [
  [/^(m|min|mins|minute|minutes)$/, MINUTE_MS],
  [/^(h|hr|hrs|hour|hours)$/, HOUR_MS],
  [/^(d|day|days)$/, DAY_MS],
  [/^(w|week|weeks)$/, 7 * DAY_MS],
];
const PART = /(\d{1,5}(?:\.\d{1,2})?)\s*([a-z]+)/g;
const RELATIVE = /^(?:in\s+)?(?:\d{1,5}(?:\.\d{1,2})?\s*[a-z]+(?:\s*(?:,|and)?\s*|$)){1,4}$/;
const DISCORD_TIME = /^<t:(\d{1,12})(?::[tTdDfFsSR])?>$/;
const ISO = /^(\d{4}-\d{2}-\d{2})[t ](\d{2}:\d{2}(?::\d{2})?)\s*(z|utc|[+-]\d{2}:?\d{2})?$/;

/**
 * Reads when a drop is to open, as people type it: "in 2 hours", "1 day 30 min", Discord's own `<t:1764612000>`, or
 * `2026-12-01 18:00` with a time zone. Returns a sentence that says what is wrong, and what to write, when it cannot be
 * read, has passed or is too far away.
 */
export function readOpeningTime(typed: string, now: Date): Date | string {
  const text = typed.trim().toLowerCase();
  const time = readRelative(text, now) ?? readDiscord(typed.trim()) ?? readIso(text);
  if (time === undefined) {
    return `Opens: I can't read "${shorten(typed.trim())}". Write \`in 2 hours\`, \`2026-12-01 18:00Z\` or one of Discord's times such as \`<t:1764612000>\`.`;
  }
  if (typeof time === "string") return time;
  return findTimeProblem(time, now) ?? time;
}

/** Why no drop can open at a time, and what to write instead; undefined where one can. */
export function findTimeProblem(time: Date, now: Date): string | undefined {
  if (time.getTime() < now.getTime() + MINUTE_MS) {
    return "Opens: that time has passed. Write a later one, such as `in 2 hours`, or leave it out to open at once.";
  }
  if (time.getTime() > now.getTime() + MAX_DAYS_AHEAD * DAY_MS) {
    return `Opens: that is too far away. A drop can open at most ${MAX_DAYS_AHEAD} days from now; until then keep it as a draft.`;
  }
  return undefined;
}

function readRelative(text: string, now: Date): Date | undefined {
  if (!RELATIVE.test(text)) return undefined;
  let ms = 0;
  for (const [, count = "", word = ""] of text.replace(/^in\s+/, "").matchAll(PART)) {
    if (word === "and") continue;
    const unit = UNITS.find(([pattern]) => pattern.test(word));
    if (!unit) return undefined;
    ms += Number(count) * unit[1];
  }
  return wholeSecond(now.getTime() + ms);
}

function readDiscord(text: string): Date | undefined {
  const seconds = DISCORD_TIME.exec(text)?.[1];
  return seconds === undefined ? undefined : new Date(Number(seconds) * 1000);
}

function readIso(text: string): Date | string | undefined {
  const [, day, clockTime, zone] = ISO.exec(text) ?? [];
  if (day === undefined || clockTime === undefined) return undefined;
  if (zone === undefined) {
    return `Opens: which time zone? Write \`${day} ${clockTime}Z\` for UTC, or with your own difference to it: \`${day} ${clockTime}+01:00\`.`;
  }
  const offset = /^[+-]/.test(zone) ? zone.replace(/(\d{2}):?(\d{2})$/, "$1:$2") : "Z";
  const ms = Date.parse(`${day}T${clockTime}${offset}`);
  return Number.isNaN(ms) || !isDayOfCalendar(day) ? undefined : new Date(ms);
}

/** Whether a month has that day: JavaScript reads November 31 as December 1. */
function isDayOfCalendar(day: string): boolean {
  return new Date(Date.parse(day)).toISOString().startsWith(day);
}

/** Discord shows whole seconds. */
function wholeSecond(ms: number): Date {
  return new Date(Math.ceil(ms / 1000) * 1000);
}

function shorten(text: string): string {
  return text.length > 30 ? `${text.slice(0, 29)}…` : text;
}
