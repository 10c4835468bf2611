const CLOCK = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A moment of the local clock, in the viewer's time zone. */
export function Moment({
  ms,
  withDay = false,
}: {
  readonly ms: number;
  readonly withDay?: boolean;
}) {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return <span>never</span>;
  const text = withDay ? `${DAY.format(date)}, ${CLOCK.format(date)}` : CLOCK.format(date);
  return (
    <time class="when" dateTime={date.toISOString()} title={date.toISOString()}>
      {text}
    </time>
  );
}

/** A length of time in its natural unit: "12 ms", "3.4 s", "5 min 2 s", "2 h 1 min", "3 d". */
export function durationText(ms: number): string {
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`;
  if (ms < MINUTE_MS) return `${(ms / SECOND_MS).toFixed(1)} s`;
  if (ms < HOUR_MS) {
    return `${Math.floor(ms / MINUTE_MS)} min ${Math.floor((ms % MINUTE_MS) / SECOND_MS)} s`;
  }
  if (ms < DAY_MS) {
    return `${Math.floor(ms / HOUR_MS)} h ${Math.floor((ms % HOUR_MS) / MINUTE_MS)} min`;
  }
  return `${Math.floor(ms / DAY_MS)} d ${Math.floor((ms % DAY_MS) / HOUR_MS)} h`;
}
