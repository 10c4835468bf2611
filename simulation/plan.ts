import type { FaultKind, Trouble } from "./swarm.ts";

/** One simulation as data: what a worker is handed, and what is kept of one that failed. */
export interface SimulationPlan {
  readonly scenario: string;
  readonly seed: number;
  readonly trouble: Trouble;
  readonly steps: number;
  /** Steps that are left out, by their numbers. */
  readonly skipped: readonly number[];
  /** Kinds of faults that are left out. */
  readonly without: readonly FaultKind[];
  /** The rule that it breaks as long as a known defect is there. */
  readonly expected?: string;
  /** Known defects that it is judged by, as known-defects.md names them; without, they are passed over. */
  readonly judged?: readonly string[];
}

/** What came of a simulation, as a worker reports it. */
export interface SimulationReport {
  readonly plan: SimulationPlan;
  readonly failure: { readonly rule: string; readonly message: string } | undefined;
  /** Of its whole trace: the same plan and code give the same. */
  readonly digest: string;
  /** How many lines its trace has. */
  readonly count: number;
  readonly happened: readonly (readonly [string, number])[];
  /** The numbers and names of the steps that were taken. */
  readonly steps: readonly string[];
}
