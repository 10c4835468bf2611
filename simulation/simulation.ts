import { type Cloud, startCloud } from "../local/cloud/cloud.ts";
import type { CodePool } from "../local/functions/bundle.ts";
import { LocalClock } from "../local/kit/clock.ts";
import { quietLoop } from "../local/kit/event-loop.ts";
import { Network } from "../local/kit/http/network.ts";
import { fleetOf } from "./fleet/fleet.ts";
import { Operators } from "./operators.ts";
import { Choices } from "./random/choices.ts";
import { DrawnFaults } from "./random/drawn-faults.ts";
import { drawFrom } from "./random/entropy.ts";
import { drawSwarm, type FaultKind, type Trouble } from "./random/swarm.ts";
import { checkReplay } from "./replay/index.ts";
import { SimulationRecord } from "./replay/record.ts";
import { shopFacts } from "./replay/shop-facts.ts";
import { RuleBroken } from "./rules.ts";
import type { Action, Scenario } from "./scenarios/scenario.ts";
import type { Stage } from "./stage.ts";
import { Trace, type TraceLine } from "./trace.ts";

/** Which simulation to run. */
export interface SimulationOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly trouble: Trouble;
  readonly steps: number;
  /** The numbers of steps to skip. */
  readonly skipped?: ReadonlySet<number>;
  /** Kinds of faults to exclude. */
  readonly without?: ReadonlySet<FaultKind>;
  /** Known defects that count as failures. */
  readonly judged?: readonly string[];
  /** Whether to store the trace's lines. */
  readonly isTraced?: boolean;
  /** Called once the cloud runs, with the number of the trace's lines so far. */
  readonly observe?: ((cloud: Cloud, lineCount: () => number) => void) | undefined;
  /** Called when a step begins, with its number. */
  readonly onStep?: (step: number) => void;
  /** The functions' code. */
  readonly codes: CodePool;
}

/** A broken rule and how it was broken. */
export interface Failure {
  readonly rule: string;
  readonly message: string;
}

/** The result of a simulation. */
export interface SimulationResult {
  readonly seed: number;
  readonly scenario: string;
  /** The broken rule and how it was broken; undefined if all held. */
  readonly failure: Failure | undefined;
  /** Digest of the whole trace. */
  readonly digest: string;
  readonly lines: readonly TraceLine[];
  readonly count: number;
  /** How often each thing happened: faults, actions, answers. */
  readonly happened: ReadonlyMap<string, number>;
  readonly steps: readonly string[];
  readonly virtualMs: number;
}

/** Every simulation begins on a Monday at noon, UTC. */
const STARTS_AT_MS = Date.UTC(2026, 5, 1, 12);
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** Delays between steps: mostly seconds, sometimes nothing, sometimes much longer. */
const GAPS_MS = [
  0,
  5,
  40,
  300,
  900,
  2_000,
  3_500,
  8_000,
  12_000,
  20_000,
  30_000,
  45_000,
  60_000,
  90_000,
  5 * MINUTE_MS,
  12 * MINUTE_MS,
  40 * MINUTE_MS,
];
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How often the sweeper runs while a long time passes: within two days, and beyond. */
const SWEPT_EVERY_MS = { days: 6 * 60 * MINUTE_MS, weeks: DAY_MS };
/** There is exactly one sweep within this time. */
const SWEPT_MS = 15 * MINUTE_MS;
/** A sweep ends within this time. */
const SWEEP_TAKES_MS = MINUTE_MS;
/** See Liveness in docs/invariants.md. */
const REST_WITHIN_MS = 60 * MINUTE_MS;
/** What is due within this time follows from what is under way, as the board of a new result does. */
const SOON_MS = 15_000;
/** What is under way ends within this time, and what does not is checked as it is. */
const ENDS_WITHIN_MS = 5 * MINUTE_MS;

/**
 * Runs one simulation: people act randomly while faults occur; then faults stop and everything must
 * come to rest.
 */
export async function runSimulation(options: SimulationOptions): Promise<SimulationResult> {
  const { scenario, seed, trouble, steps, codes } = options;
  const happened = new Map<string, number>();
  const note = (what: string) => happened.set(what, (happened.get(what) ?? 0) + 1);
  const choices = new Choices(seed);
  drawFrom(choices.stream("entropy"));
  const clock = new LocalClock({ frozenAtMs: STARTS_AT_MS });
  const trace = new Trace(() => clock.nowMs(), options.isTraced ?? false);
  const swarm = drawSwarm(choices, trouble, options.without);
  const faults = new DrawnFaults(choices, swarm, trace, () => clock.nowMs());
  const network = new Network();
  const parts = { clock, choices, swarm, faults, trace, codes, fetch: network.fetch };
  const logWatchers: ((line: string) => void)[] = [];
  const cloud = await startCloud({
    projectId: "simulation",
    network,
    clock,
    faults,
    seed,
    isListening: false,
    environment: { BUILDER_APPROVAL: "automatic", ...scenario.environment?.(choices) },
    openFunctions: fleetOf(parts, note),
    log: (line) => {
      trace.add(`log ${withoutStack(line)}`);
      for (const look of logWatchers) look(line);
    },
  });
  const { discord, stripe, twitch, databaseOf } = cloud;
  if (!discord || !stripe || !twitch || !databaseOf) throw new Error("A simulator is missing.");
  options.observe?.(cloud, () => trace.count);
  const stage: Stage = {
    cloud,
    discord,
    stripe,
    twitch,
    choices,
    faults,
    swarm,
    memory: new Map(),
    seldomSwept: [],
    watchLog: (look) => void logWatchers.push(look),
    record: new SimulationRecord(cloud),
    database: databaseOf("simulation", () => 0.5),
    withoutFaults: (look) => faults.withoutFaults(look),
    isJudged: (defect) => options.judged?.includes(defect) ?? false,
    endpoint: `${cloud.functions.url}/discord-interactions`,
    settle: cloud.settle,
  };
  stage.record.watch(shopFacts(stage));
  const operators = new Operators(stage);
  const kinds = favourKinds(scenario.actions, choices);
  const possible = scenario.actions.filter(
    ({ onlyWith }) => onlyWith === undefined || swarm.kinds.has(onlyWith),
  );
  const actions = possible.map((action) => ({
    ...action,
    weight: action.weight * favour(action, choices) * (kinds.get(action.kind ?? "") ?? 1),
  }));
  const performed: string[] = [];
  let failure: SimulationResult["failure"];
  try {
    await faults.withoutFaults(() => scenario.prepare(stage));
    clock.stopDriving();
    for (let step = 0; step < steps; step += 1) {
      options.onStep?.(step);
      await clock.advance(choices.oneOf(`gap ${step}`, scenario.gapsMs ?? GAPS_MS) ?? 0);
      const action = drawAction(actions, choices.unit(`action ${step}`));
      if (!options.skipped?.has(step)) {
        performed.push(`${step} ${action.name}`);
        trace.add(`action ${step} ${action.name}`);
        await perform(action, { stage, choices, step, note });
        await letPass(
          (await faults.withoutFaults(async () => action.passesMs?.(stage))) ?? 0,
          stage,
        );
      }
      await faults.withoutFaults(() => scenario.checkStep(stage));
    }
    faults.heal();
    trace.add("everything heals");
    await clock.advance(REST_WITHIN_MS);
    if ((await faults.withoutFaults(() => operators.replayUnanswered())) > 0) {
      note("operators replay a message without answers");
      await clock.advance(REST_WITHIN_MS);
    }
    await letEnd(cloud);
    await faults.withoutFaults(async () => {
      await scenario.checkStep(stage);
      await scenario.checkRest(stage);
      await checkReplay(stage, note);
    });
  } catch (error) {
    const rule = error instanceof RuleBroken ? error.rule : "error";
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    failure = { rule, message: error instanceof RuleBroken ? error.message : message };
  } finally {
    await cloud.stop();
    // What was under way ends before the next run takes over the code.
    await quietLoop();
  }
  for (const [kind, times] of faults.faultCounts) happened.set(`fault: ${kind}`, times);
  return {
    seed,
    failure,
    happened,
    steps: performed,
    scenario: scenario.name,
    digest: trace.digest,
    lines: trace.lines,
    count: trace.count,
    virtualMs: clock.nowMs() - STARTS_AT_MS,
  };
}

/** Varies the weights: in each simulation some actions are more frequent, and some do not occur. */
function favour({ name, isEssential }: Action, choices: Choices): number {
  const factor = choices.oneOf(`favour ${name}`, [0, 0.5, 1, 1, 2, 4]) ?? 1;
  return isEssential ? Math.max(1, factor) : factor;
}

/** The same for all actions of a group. */
function favourKinds(actions: readonly Action[], choices: Choices): ReadonlyMap<string, number> {
  const kinds = new Set(actions.flatMap(({ kind }) => (kind === undefined ? [] : [kind])));
  const factor = (kind: string) => choices.oneOf(`favour all of ${kind}`, [0.2, 1, 1, 3]) ?? 1;
  return new Map([...kinds].map((kind) => [kind, factor(kind)]));
}

function drawAction(actions: readonly Action[], unit: number): Action {
  let left = unit * actions.reduce((total, { weight }) => total + weight, 0);
  const found = actions.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  const action = found ?? actions[0];
  if (!action) throw new Error("Nobody has anything to do.");
  return action;
}

interface Performing {
  readonly stage: Stage;
  readonly choices: Choices;
  readonly step: number;
  readonly note: (what: string) => void;
}

/**
 * Performs an action without waiting for its result. An action that is currently not possible is
 * skipped.
 */
async function perform(action: Action, { stage, choices, step, note }: Performing): Promise<void> {
  const pick = <Item>(items: readonly Item[]): Item => {
    // One of the items may itself be undefined.
    if (items.length === 0) throw new Error("There is nothing to do it with.");
    return choices.oneOf(`pick ${step}`, items) as Item;
  };
  const done = (async () => action.perform(stage, pick))().then(
    () => note(`done: ${action.name}`),
    (error: unknown) => {
      if (isMistake(error)) throw error;
      note(`not possible: ${action.name}`);
    },
  );
  // The action starts now; what it waits for takes virtual time.
  await Promise.race([done, quietLoop()]);
}

/**
 * Whether an error is a broken rule or a bug in the action. `fetch` also fails with a TypeError
 * when it gets no answer.
 */
function isMistake(error: unknown): boolean {
  if (error instanceof RuleBroken) return true;
  return error instanceof TypeError && error.message !== "fetch failed";
}

/** Lets days pass with four sweeps a day, and weeks with one, since most sweeps find nothing. */
async function letPass(ms: number, { cloud, seldomSwept }: Stage): Promise<void> {
  const { clock, scheduler } = cloud;
  const sweptEveryMs = ms > 2 * DAY_MS ? SWEPT_EVERY_MS.weeks : SWEPT_EVERY_MS.days;
  const startsAtMs = clock.nowMs();
  const endsAtMs = startsAtMs + ms;
  if (ms > SWEPT_MS) seldomSwept.push({ fromMs: startsAtMs, toMs: endsAtMs });
  for (;;) {
    const leftMs = endsAtMs - clock.nowMs();
    const endMs = SWEPT_MS + SWEEP_TAKES_MS;
    if (leftMs <= endMs) return void (leftMs > 0 && (await clock.advance(leftMs)));
    scheduler.pause();
    await clock.advance(Math.min(leftMs, sweptEveryMs) - endMs);
    scheduler.resume();
    await clock.advance(SWEPT_MS);
    scheduler.pause();
    await clock.advance(SWEEP_TAKES_MS);
    scheduler.resume();
  }
}

/** Lets what is under way or due soon end: nothing is at rest while it is half done. */
async function letEnd({ clock, idle }: Cloud): Promise<void> {
  const latestMs = clock.nowMs() + ENDS_WITHIN_MS;
  const isDueSoon = () => clock.upcoming().some(({ atMs }) => atMs <= clock.nowMs() + SOON_MS);
  while ((!idle() || isDueSoon()) && clock.nowMs() < latestMs) await clock.advance(SECOND_MS);
}

/** Stack traces contain paths of libraries, which differ between installations. */
function withoutStack(line: string): string {
  return line.replace(/,"stack":"(?:[^"\\]|\\.)*"/, "");
}
