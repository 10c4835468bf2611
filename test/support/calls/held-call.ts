import type { FaultTarget } from "../../../local/kit/faults.ts";
import type { TestCloud } from "../cloud.ts";

/** Longer than anything a test does meanwhile, shorter than any deadline on the clock. */
const HELD_MS = 8000;

/** Reports when a rule of the fault plan has matched a call. */
class SeenOperation extends RegExp {
  readonly seen = Promise.withResolvers<void>();

  override test(operation: string): boolean {
    const isMet = super.test(operation);
    if (isMet) this.seen.resolve();
    return isMet;
  }
}

/** A call that has arrived and has not been processed yet. */
export interface HeldCall {
  /** Resolves once the call has arrived. */
  readonly arrived: Promise<void>;
  /** Lets the call proceed. */
  release(): Promise<void>;
}

/** Holds the next call of this kind, so that a test can act in the middle of it. */
export function holdNext(
  { faults, clock }: TestCloud,
  target: FaultTarget,
  operation: RegExp,
): HeldCall {
  const met = new SeenOperation(operation);
  faults.add({ target, operation: met, fault: { kind: "delay", ms: HELD_MS }, times: 1 });
  return { arrived: met.seen.promise, release: () => clock.advance(HELD_MS) };
}

/** Observes every call to a service before it is processed. */
export function watchCalls({ faults }: TestCloud, target: FaultTarget, look: () => void): void {
  class Watched extends RegExp {
    override test(): boolean {
      look();
      return false;
    }
  }
  faults.add({ target, operation: new Watched(""), fault: { kind: "delay", ms: 0 } });
}
