import type { Order, Payment } from "../domain/order.ts";

const DAY_MS = 24 * 3_600_000;
/** How long before the end of the hold both sides get the first warning. */
export const FIRST_WARNING_MS = 3 * DAY_MS;

/** A step for held money without a proof of work: two warnings, then the refund. */
export interface HoldStep {
  readonly name: "warning-3d" | "warning-1d" | "end";
  readonly at: Date;
}

/** All steps for money that is held until `heldUntil`, in order of time. */
export function holdSteps(heldUntil: Date): readonly HoldStep[] {
  const before = (ms: number) => new Date(heldUntil.getTime() - ms);
  return [
    { name: "warning-3d", at: before(FIRST_WARNING_MS) },
    { name: "warning-1d", at: before(DAY_MS) },
    { name: "end", at: heldUntil },
  ];
}

/** The latest step that is due; undefined before the first. */
export function dueStep(heldUntil: Date, now: Date): HoldStep | undefined {
  return holdSteps(heldUntil).findLast(({ at }) => at <= now);
}

/** The earliest step that is not yet due; undefined after the last. */
export function nextStep(heldUntil: Date, now: Date): HoldStep | undefined {
  return holdSteps(heldUntil).find(({ at }) => at > now);
}

/**
 * When held money goes back that a dispute has kept until now: at its time, but not before both sides could be warned.
 * Undefined if it does not wait for a proof.
 */
export function heldAfterDispute(
  { payment, proof }: Pick<Order, "proof"> & { readonly payment: Payment },
  now: Date,
): Date | undefined {
  const { hold, heldUntil } = payment;
  if (hold !== "held" || proof || !heldUntil) return undefined;
  return new Date(Math.max(heldUntil.getTime(), now.getTime() + FIRST_WARNING_MS));
}

/** The keys of a warning, newest last: after each dispute that was decided, both sides may be warned again. */
export function warningKeys(
  { id, payment }: Pick<Order, "id" | "payment">,
  name: HoldStep["name"],
): readonly string[] {
  const decided = payment?.disputes.filter(({ outcome }) => outcome !== "open") ?? [];
  const first = `hold-${name}:${id}`;
  return [first, ...decided.map((_, index) => `${first}:${index + 1}`)];
}
