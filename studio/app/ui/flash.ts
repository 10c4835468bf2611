import { useRef } from "preact/hooks";

/**
 * A class that highlights an element for a moment whenever its stamp changes; empty until the first
 * change. Two names take turns, so that a second change is highlighted anew.
 */
export function useFlash(stamp: string | number, isNew = false): string {
  const seen = useRef(stamp);
  const changes = useRef(isNew ? 1 : 0);
  if (seen.current !== stamp) {
    seen.current = stamp;
    changes.current += 1;
  }
  if (changes.current === 0) return "";
  return changes.current % 2 === 1 ? "flash-odd" : "flash-even";
}
