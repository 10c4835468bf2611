import { nowMs } from "../now.ts";

const STYLES: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
  s: { dateStyle: "short", timeStyle: "short" },
  S: { dateStyle: "short", timeStyle: "medium" },
};

const UNITS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "always" });

function ago(seconds: number): string {
  const [unit, size] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 1];
  return relative.format(Math.round(seconds / size), unit);
}

/** The time of `<t:SECONDS:STYLE>` in the viewer's language and zone; style R ticks. */
export function Timestamp({ atMs, style }: { readonly atMs: number; readonly style: string }) {
  const at = new Date(atMs);
  if (Number.isNaN(at.getTime())) return <>Invalid date</>;
  const full = at.toLocaleString(undefined, STYLES["F"]);
  const text =
    style === "R"
      ? ago(Math.round((atMs - nowMs.value) / 1_000))
      : at.toLocaleString(undefined, STYLES[style] ?? STYLES["f"]);
  return (
    <time class="stamp" dateTime={at.toISOString()} title={full}>
      {text}
    </time>
  );
}

/** When a message was sent, with as much of the date as today needs. */
export function SentAt({ iso }: { readonly iso: string }) {
  const at = new Date(iso);
  const isToday = at.toDateString() === new Date(nowMs.value).toDateString();
  const options = isToday ? STYLES["t"] : STYLES["s"];
  return (
    <time class="sent" dateTime={iso} title={at.toLocaleString(undefined, STYLES["F"])}>
      {at.toLocaleString(undefined, options)}
    </time>
  );
}
