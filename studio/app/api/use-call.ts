import { useEffect, useRef, useState } from "preact/hooks";
import type { Panels } from "../../server/panels/index.ts";
import { type Answer, call, versions } from "./api.ts";

/** What a reading call answered last. */
export interface Read<Value> {
  readonly value: Value | undefined;
  /** Why it could not be read. */
  readonly problem: string | undefined;
}

/**
 * Reads with a call, and again whenever its panel's data or the input changes. Answers that were
 * overtaken by a newer one are ignored.
 */
export function useCall<P extends keyof Panels, C extends keyof Panels[P]["calls"] & string>(
  panel: P,
  name: C,
  input: Parameters<typeof call<P, C>>[2],
): Read<Answer<P, C>> {
  const [read, setRead] = useState<Read<Answer<P, C>>>({ value: undefined, problem: undefined });
  const newest = useRef(0);
  const version = versions.value[panel];
  const key = JSON.stringify(input);
  useEffect(() => {
    newest.current += 1;
    const asked = newest.current;
    const show = (next: Read<Answer<P, C>>) => {
      if (asked === newest.current) setRead(next);
    };
    call(panel, name, JSON.parse(key)).then(
      (value) => show({ value, problem: undefined }),
      (error: Error) => show({ value: undefined, problem: error.message }),
    );
  }, [panel, name, key, version]);
  return read;
}
