import { type Fault, FaultPlan, type FaultTarget } from "../../local/kit/faults.ts";
import type { Trace } from "../trace.ts";
import { type Choices, hash } from "./choices.ts";
import type { Swarm } from "./swarm.ts";

/**
 * The duration of a service's calls: half of them take less than `medianMs`, one in a hundred more
 * than ten times as long.
 */
interface Latency {
  readonly medianMs: number;
}

/**
 * Medians that others measured from a function in the same region; third parties are called over
 * the internet.
 */
const LATENCIES: Readonly<Record<FaultTarget, Latency>> = {
  firestore: { medianMs: 12 },
  pubsub: { medianMs: 15 },
  tasks: { medianMs: 25 },
  upstash: { medianMs: 6 },
  discord: { medianMs: 120 },
  twitch: { medianMs: 90 },
  stripe: { medianMs: 250 },
  shops: { medianMs: 80 },
  secrets: { medianMs: 30 },
  project: { medianMs: 30 },
};

const UNAVAILABLE = 14;
const ABORTED = 10;
const isGrpc = (target: FaultTarget) => ["firestore", "pubsub", "tasks"].includes(target);
const isDelivery = (operation: string) => /^(?:deliver|dispatch) /.test(operation);

/**
 * Faults and latencies drawn from the seed. Each call takes its time, and some fail before their
 * effect, after it, or with an error. The run's swarm determines the kinds and their frequency.
 */
export class DrawnFaults extends FaultPlan {
  #choices: Choices;
  #swarm: Swarm;
  #trace: Trace;
  #now: () => number;
  #withoutFaults = 0;
  #isHealed = false;
  #areClocksFarOff = false;
  #badUntilMs = new Map<FaultTarget, number>();
  /**
   * Unusually slow calls, such as "discord GET /users/1", and cold starts, with their start and
   * end.
   */
  readonly slowCalls: { readonly what: string; readonly fromMs: number; readonly toMs: number }[] =
    [];
  /** The applied faults with their times, in order. */
  readonly appliedFaults: { readonly atMs: number; readonly kind: string }[] = [];
  /** When an instance, such as "sweeper-7", stood still. */
  readonly freezes: {
    readonly instance: string;
    readonly fromMs: number;
    readonly toMs: number;
  }[] = [];
  /** How often each kind of fault was applied. */
  readonly faultCounts = new Map<string, number>();

  constructor(choices: Choices, swarm: Swarm, trace: Trace, now: () => number) {
    super();
    this.#choices = choices;
    this.#swarm = swarm;
    this.#trace = trace;
    this.#now = now;
  }

  /** Stops all faults; calls still take their time. */
  heal(): void {
    this.#isHealed = true;
  }

  /** Whether faults have stopped. */
  get isQuiet(): boolean {
    return this.#isHealed || this.#withoutFaults > 0;
  }

  /** Runs reads without faults, without time passing and without trace. Several may run at once. */
  async withoutFaults<Result>(look: () => Promise<Result>): Promise<Result> {
    this.#withoutFaults += 1;
    try {
      return await look();
    } finally {
      this.#withoutFaults -= 1;
    }
  }

  /** From now on the clocks of some new instances are off by seconds. */
  letClocksDrift(): void {
    this.#areClocksFarOff = true;
  }

  /**
   * How far an instance's clock is ahead: usually little, but seconds for a few instances when
   * clocks may be far off.
   */
  skewMs(instance: string): number {
    if (!this.#swarm.kinds.has("clocks differ") && !this.#areClocksFarOff) return 0;
    const unit = this.#choices.unit(`skew ${instance}`);
    const toEnd = Math.min(unit, 1 - unit) / FAR_OFF_SHARE;
    if (!this.#areClocksFarOff || toEnd >= 1) {
      return Math.floor(unit * (2 * MAX_SKEW_MS + 1)) - MAX_SKEW_MS;
    }
    const ms = Math.round(MAX_SKEW_MS + (1 - toEnd) ** 2 * (MAX_FAR_OFF_MS - MAX_SKEW_MS));
    return unit < 0.5 ? -ms : ms;
  }

  /** For this time most of a service's answers are lost. */
  loseAnswers(target: FaultTarget, ms: number): void {
    this.#badUntilMs.set(target, this.#now() + ms);
  }

  /** Records that something else was slow and has just started. */
  noteSlow(ms: number, what = "cold start"): void {
    this.slowCalls.push({ what, fromMs: this.#now(), toMs: this.#now() + ms });
  }

  /** Records that an instance stands still from now on. */
  noteFreeze(instance: string, ms: number): void {
    this.note("frozen");
    this.freezes.push({ instance, fromMs: this.#now(), toMs: this.#now() + ms });
  }

  note(kind: string): void {
    this.appliedFaults.push({ atMs: this.#now(), kind });
    this.faultCounts.set(kind, (this.faultCounts.get(kind) ?? 0) + 1);
  }

  override next(target: FaultTarget, operation: string): Fault | undefined {
    if (this.#withoutFaults > 0) return undefined;
    const planned = super.next(target, operation);
    const fault =
      planned ?? (isDelivery(operation) ? this.#ofDelivery(target, operation) : undefined);
    if (isDelivery(operation)) {
      this.#trace.add(`${target} ${operation}${fault ? ` [${describe(fault)}]` : ""}`);
      return fault;
    }
    const drawn = fault ?? this.#ofCall(target, operation);
    const ms = this.#latencyMs(target, operation);
    this.#trace.add(`${target} ${operation} +${ms}${drawn ? ` [${describe(drawn)}]` : ""}`);
    if (ms > SLOW_CALL_MS) this.noteSlow(ms, `${target} ${operation}`);
    // Not every service supports one delay after another.
    if (drawn?.kind === "delay") return { ...drawn, ms: ms + drawn.ms };
    return { kind: "delay", ms, next: drawn };
  }

  #latencyMs(target: FaultTarget, operation: string): number {
    const { medianMs } = LATENCIES[target];
    const slow = this.#isSlow(target) ? SLOW_FACTOR : 1;
    const unit = this.#choices.unit(`latency ${target} ${operation}`);
    // A Pareto tail above the median, uniform below it.
    const factor = unit < 0.5 ? 0.5 + unit : 0.5 / (1 - unit) ** 0.65;
    return Math.max(1, Math.round(medianMs * Math.min(factor, MAX_TAIL) * slow));
  }

  /** Services are slow in windows of minutes that follow from the seed. */
  #isSlow(target: FaultTarget): boolean {
    if (this.#isHealed || !this.#swarm.kinds.has("slow")) return false;
    const window = Math.floor(this.#now() / SLOW_WINDOW_MS);
    // Called for every call, so it is not a counted choice.
    const isSlow = hash(`slow ${target} ${window}`, this.#choices.seed) < SLOW_ODDS;
    if (isSlow) this.note("slow");
    return isSlow;
  }

  #ofCall(target: FaultTarget, operation: string): Fault | undefined {
    if (this.#isHealed) return undefined;
    const isBad = (this.#badUntilMs.get(target) ?? 0) > this.#now();
    if (isBad && this.#choices.isChosen(`bad ${target} ${operation}`, BAD_ODDS)) {
      this.note(`${target} answer lost`);
      return { kind: "lose-answer" };
    }
    for (const kind of this.#swarm.callKinds) {
      const label = `${kind} ${target} ${operation}`;
      if (!this.#choices.isChosen(label, this.#swarm.odds)) continue;
      const fault = toFault(kind, target, operation);
      if (!fault) continue;
      this.note(`${target} ${kind}`);
      return fault;
    }
    return undefined;
  }

  #ofDelivery(target: FaultTarget, operation: string): Fault | undefined {
    if (this.#isHealed) return undefined;
    for (const kind of this.#swarm.deliveryKinds) {
      if (!this.#choices.isChosen(`${kind} ${target} ${operation}`, this.#swarm.odds * 3)) continue;
      this.note(`${target} ${kind}`);
      if (kind === "delivered twice") return { kind: "duplicate", copies: 2 };
      if (kind === "delivered late") {
        const unit = this.#choices.unit(`late ${target} ${operation}`);
        return { kind: "delay", ms: Math.round(1000 * 3600 ** unit) };
      }
      if (kind === "delivered out of order") return { kind: "reorder" };
      if (kind === "delivery lost") return { kind: "drop" };
      return { kind: "lose-answer" };
    }
    return undefined;
  }
}

/** The usual maximum difference between the clocks of machines. */
export const MAX_SKEW_MS = 200;
/** The maximum error of a machine that has lost its time server. */
export const MAX_FAR_OFF_MS = 8_000;
/** The share of draws at each end of the range that are far off. */
const FAR_OFF_SHARE = 0.08;
/** The share of a service's answers that are lost while its connection is bad. */
const BAD_ODDS = 0.8;
const SLOW_CALL_MS = 300;
const SLOW_FACTOR = 12;
const SLOW_WINDOW_MS = 180_000;
const SLOW_ODDS = 0.1;
const MAX_TAIL = 40;

function toFault(kind: string, target: FaultTarget, operation: string): Fault | undefined {
  if (kind === "answer lost") return { kind: "lose-answer" };
  if (kind === "call lost") return { kind: "drop" };
  if (kind === "contention") {
    return target === "firestore" && operation === "Commit"
      ? { kind: "fail", code: ABORTED }
      : undefined;
  }
  if (kind === "rate limit") {
    if (isGrpc(target) || target === "upstash") return undefined;
    return { kind: "fail", code: 429, retryAfterMs: 1000 };
  }
  return { kind: "fail", code: isGrpc(target) ? UNAVAILABLE : 500 };
}

function describe(fault: Fault): string {
  return fault.kind === "delay" ? `delay ${fault.ms}` : fault.kind;
}
