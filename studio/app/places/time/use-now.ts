import { useEffect, useState } from "preact/hooks";
import { useCall } from "../../api/use-call.ts";

/** The local cloud's time, and where it is being advanced to. */
export interface Now {
  readonly ms: number;
  readonly isPaused: boolean;
  readonly advancingToMs: number | undefined;
}

/** The local cloud's time, renewed every second; undefined until it was read. */
export function useNow(): Now | undefined {
  const { value } = useCall("time", "read", {});
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  if (!value) return undefined;
  const running = performance.timeOrigin + performance.now() + value.aheadMs;
  const { isPaused, nowMs, advancingToMs } = value;
  return { ms: isPaused ? nowMs : running, isPaused, advancingToMs };
}
