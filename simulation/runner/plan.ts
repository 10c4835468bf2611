import type { FaultKind, Trouble } from "../random/swarm.ts";

/** A simulation as data: a worker's input, and the record of a failed one. */
export interface SimulationPlan {
  readonly scenario: string;
  readonly seed: number;
  readonly trouble: Trouble;
  readonly steps: number;
  /** The numbers of steps to skip. */
  readonly skipped: readonly number[];
  /** Kinds of faults to exclude. */
  readonly without: readonly FaultKind[];
  /** The rule that a recorded simulation broke once. */
  readonly rule?: string;
  /** The rule that it breaks until a known defect is fixed. */
  readonly expected?: string;
  /**
   * Known defects by their names in known-defects.md that count as failures here; otherwise they
   * are tolerated.
   */
  readonly judged?: readonly string[];
}

/** A simulation's result, as a worker reports it. */
export interface SimulationReport {
  readonly plan: SimulationPlan;
  readonly failure: { readonly rule: string; readonly message: string } | undefined;
  /** Digest of its whole trace: the same plan and code produce the same one. */
  readonly digest: string;
  /** The number of lines of its trace. */
  readonly count: number;
  readonly happened: readonly (readonly [string, number])[];
  /** The numbers and names of the executed steps. */
  readonly steps: readonly string[];
}
