import { useEffect, useState } from "preact/hooks";
import { useCall } from "../use-call.ts";

/** The local cloud's time, which may be ahead of this machine's. */
export function Clock() {
  const { value } = useCall("time", "read", {});
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  if (!value) return <time class="clock">…</time>;
  const now = new Date(performance.timeOrigin + performance.now() + value.aheadMs);
  return (
    <time class="clock" dateTime={now.toISOString()}>
      {now.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" })}
    </time>
  );
}
