import { useNow } from "../time/use-now.ts";

/** The local cloud's time, which may be ahead of this machine's. */
export function Clock() {
  const now = useNow();
  if (!now) return <time class="clock">…</time>;
  const date = new Date(now.ms);
  return (
    <a class="clock" href="/time" title="Advance or pause the clock">
      <time dateTime={date.toISOString()}>
        {date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" })}
      </time>
      {now.isPaused && " · paused"}
    </a>
  );
}
