import { type AreaReport, Report } from "../doctor/checks/report.ts";
import type { Installation } from "./installation.ts";
import { NotYetError } from "./patience.ts";

/** How a step stands, as read from the services. */
export type Standing =
  | { readonly kind: "done"; readonly what: string }
  | { readonly kind: "missing"; readonly why?: string }
  | Blocked;

/** Only a person can go on. */
export interface Blocked {
  readonly kind: "blocked";
  readonly why: string;
  readonly remedy: string;
  /** Whether only the next run can go on: what a run was started with stays as it is. */
  readonly endsRun?: true;
}

/**
 * One step of an installation. `check` looks and changes nothing. `run` may be interrupted anywhere and run again:
 * it makes what `check` misses, and nothing twice. A step without `run` is a person's.
 */
export interface Step {
  readonly name: string;
  /** What `check` does, if it takes longer than some seconds. */
  readonly slowCheck?: string;
  check(installation: Installation): Promise<Standing>;
  run?(installation: Installation): Promise<void>;
  /** Undoes it, also half of it; returns what was undone, undefined if there was nothing. */
  undo?(installation: Installation): Promise<string | undefined>;
}

/** A step cannot go on until a person has done something. */
export class BlockedError extends Error {
  override name = "BlockedError";
  readonly remedy: string;

  constructor(why: string, remedy: string) {
    super(why);
    this.remedy = remedy;
  }
}

/** What to do when something that an earlier step has checked is not so any more. */
export const RUN_AGAIN =
  "Press Ctrl+C and run ./dev install again, which asks for what is not known";

export const done = (what: string): Standing => ({ kind: "done", what });
export const missing = (why?: string): Standing => ({ kind: "missing", ...(why && { why }) });
export const blocked = (why: string, remedy: string): Blocked => ({
  kind: "blocked",
  why,
  remedy,
});
export const stopped = (why: string, remedy: string): Blocked => ({
  ...blocked(why, remedy),
  endsRun: true,
});

/** Work that reports findings instead of throwing. */
type Reporting = (area: AreaReport) => Promise<unknown>;

/**
 * How a step stands by one of doctor's checks: `wrong` says what a wrong finding means for the step. Throws NotYetError
 * for one that may pass.
 */
export async function standingOf(
  what: string,
  wrong: "missing" | "blocked",
  check: Reporting,
): Promise<Standing> {
  const finding = await firstWrong(check);
  if (!finding) return done(what);
  const { what: why, remedy = "" } = finding;
  return wrong === "missing" ? missing(why) : blocked(why, remedy);
}

/** Does what setup does. Throws BlockedError with the first finding that is wrong; NotYetError if it may pass. */
export async function carryOut(work: Reporting): Promise<void> {
  const finding = await firstWrong(work);
  if (finding) throw new BlockedError(finding.what, finding.remedy ?? "");
}

async function firstWrong(work: Reporting) {
  const report = new Report(() => undefined);
  await work(report.area(""));
  const finding = report.findings.find(({ standing }) => standing === "wrong");
  if (finding?.mayPass) throw new NotYetError(finding.what);
  return finding;
}
