import type { FaultRule } from "../../local/kit/faults.ts";

const ABORTED = 10;
const UNAVAILABLE = 14;
/** No library tries again after it, so that the handler ends there as if its process had died. */
export const PERMISSION_DENIED = 7;

/** Deliveries come twice, late, in another order, or not at the first try. */
export function deliveryTroubles(target: FaultRule["target"], delayMs: number): FaultRule[] {
  const delivery = { target, operation: /^(deliver|dispatch)/ } as const;
  return [
    { ...delivery, fault: { kind: "duplicate", copies: 3 }, probability: 0.2 },
    { ...delivery, fault: { kind: "reorder" }, probability: 0.2 },
    { ...delivery, fault: { kind: "drop" }, probability: 0.1 },
    { ...delivery, fault: { kind: "lose-answer" }, probability: 0.15 },
    { ...delivery, fault: { kind: "delay", ms: delayMs }, probability: 0.1 },
  ];
}

/**
 * Calls that fail, or whose answer is lost. Where libraries wait in real time between their own tries
 * each is only a few times.
 */
export function callTroubles(times: number): FaultRule[] {
  const calls = (target: FaultRule["target"], fault: FaultRule["fault"]): FaultRule => {
    const operation = target === "firestore" ? /^Commit/ : /^POST/;
    return { target, operation, fault, probability: 0.05, times };
  };
  return [
    calls("stripe", { kind: "fail", code: 500 }),
    calls("stripe", { kind: "fail", code: 409 }),
    calls("stripe", { kind: "fail", code: 429, retryAfterMs: 0 }),
    calls("stripe", { kind: "drop" }),
    calls("stripe", { kind: "lose-answer" }),
    calls("firestore", { kind: "fail", code: ABORTED }),
    calls("firestore", { kind: "fail", code: UNAVAILABLE }),
    calls("firestore", { kind: "lose-answer" }),
    calls("discord", { kind: "fail", code: 500 }),
    calls("discord", { kind: "lose-answer" }),
  ];
}

/** A handler ends at such a call, as if its process had died. */
export function crashes(
  target: "firestore" | "pubsub",
  operation: RegExp,
  probability: number,
): FaultRule {
  return { target, operation, fault: { kind: "fail", code: PERMISSION_DENIED }, probability };
}
