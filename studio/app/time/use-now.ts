import { useEffect, useState } from "preact/hooks";
import { useCall } from "../use-call.ts";

/** The local cloud's time, renewed every second; undefined until it was read. */
export function useNow(): { readonly ms: number; readonly isPaused: boolean } | undefined {
  const { value } = useCall("time", "read", {});
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  if (!value) return undefined;
  const running = performance.timeOrigin + performance.now() + value.aheadMs;
  return { ms: value.isPaused ? value.nowMs : running, isPaused: value.isPaused };
}
