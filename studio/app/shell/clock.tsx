import { useNow } from "../places/time/use-now.ts";

const CLOCK = {
  month: "short",
  day: "numeric",
  hour: "numeric",
  minute: "2-digit",
  second: "2-digit",
} as const;

/** The local cloud's time, which may be ahead of this machine's. */
export function Clock() {
  const now = useNow();
  if (!now) return <time class="clock">…</time>;
  const date = new Date(now.ms);
  return (
    <a class="clock" href="/time" title="Advance or pause the clock">
      <time dateTime={date.toISOString()}>{date.toLocaleString(undefined, CLOCK)}</time>
      {now.isPaused && " · paused"}
    </a>
  );
}
