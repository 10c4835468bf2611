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
