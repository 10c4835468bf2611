import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useCall } from "../../api/use-call.ts";

/** The local cloud's time, to the second. Read it only in the smallest component that shows it. */
export const nowMs = signal(performance.timeOrigin + performance.now());

/** Keeps `nowMs` current while a component with it is shown. */
export function useNow(): void {
  const aheadMs = useCall("time", "read", {}).value?.aheadMs ?? 0;
  useEffect(() => {
    const tick = () => {
      nowMs.value = performance.timeOrigin + performance.now() + aheadMs;
    };
    tick();
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, [aheadMs]);
}
