import { useEffect, useRef } from "preact/hooks";
import { versions } from "../../api/api.ts";

/**
 * Reads again whenever Discord changes, one read at a time: whatever changes during a read is read once more
 * afterwards. `key` names what is read; another one starts anew, and the abandoned read must not store anything.
 */
export function useEach(key: string, read: (isCurrent: () => boolean) => Promise<void>): void {
  const version = versions.value.discord;
  const running = useRef({ key: "", isBusy: false, isDue: false });
  useEffect(() => {
    const state =
      running.current.key === key ? running.current : { key, isBusy: false, isDue: false };
    running.current = state;
    state.isDue = true;
    if (state.isBusy) return;
    const isCurrent = () => running.current === state;
    const run = async () => {
      state.isBusy = true;
      while (state.isDue && isCurrent()) {
        state.isDue = false;
        await read(isCurrent);
      }
      state.isBusy = false;
    };
    void run();
  }, [key, version]);
}
