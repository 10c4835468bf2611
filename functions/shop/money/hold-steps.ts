const DAY_MS = 24 * 3_600_000;
/** How long before the end both sides are warned for the first time. */
export const FIRST_WARNING_MS = 3 * DAY_MS;

/** What happens to held money that nobody proves: two warnings, then it goes back. */
export interface HoldStep {
  readonly name: "warning-3d" | "warning-1d" | "end";
  readonly at: Date;
}

/** The steps before money is held until `heldUntil`, in order. */
export function holdSteps(heldUntil: Date): readonly HoldStep[] {
  const before = (ms: number) => new Date(heldUntil.getTime() - ms);
  return [
    { name: "warning-3d", at: before(FIRST_WARNING_MS) },
    { name: "warning-1d", at: before(DAY_MS) },
    { name: "end", at: heldUntil },
  ];
}

/** The newest step whose time has come; undefined before the first. */
export function dueStep(heldUntil: Date, now: Date): HoldStep | undefined {
  return holdSteps(heldUntil).findLast(({ at }) => at <= now);
}
