import { hash } from "../../random/choices.ts";
import type { FaultKind } from "../../random/swarm.ts";
import type { Stage } from "../../stage.ts";
import type { Action, Pick } from "../scenario.ts";
import { auctionLogOf, type Loss } from "./auction-log.ts";
import { sequencesInRedis } from "./books.ts";

/** Redis's machines: each leads some keys and has a replica that lags a little. */
const LEADERS = [0, 1, 2];
const HUNG_MS = [900, 3_000, 8_000, 20_000];

/** Redis's faults, in runs that include them. */
export const machineActions: readonly Action[] = [
  fault("redis fails over", async (stage, pick) => {
    const { replica } = redisOf(stage);
    const lost = pick([1, 1, 2, 3, 5, 10, 25]);
    const leader = pick([undefined, ...LEADERS]);
    const isLed = (key: string) => Math.floor(hash(key, 0) * LEADERS.length) === leader;
    if (leader === undefined) replica?.failOver(lost);
    else replica?.failOver(lost, isLed);
    noteLoss(stage, undefined, await sequencesInRedis(stage));
  }),
  fault("redis is flushed", async (stage) => {
    await redisOf(stage).loseData();
    noteLoss(stage, undefined);
  }),
  fault("redis loses a key", async (stage, pick) => {
    const redis = redisOf(stage);
    const keys = (await redis.run("KEYS", "auction*")) as readonly string[];
    // Chooses the kind of key first, because some kinds are much more numerous.
    const kind = pick([...new Set(keys.map(kindOf))].toSorted());
    const key = pick(keys.filter((each) => kindOf(each) === kind).toSorted());
    await redis.run("DEL", key);
    noteLoss(stage, key);
  }),
  fault("redis hangs", (stage, pick) => {
    const ms = pick(HUNG_MS);
    redisOf(stage).hang(ms);
    noteSilence(stage, ms);
  }),
  fault("redis loses answers", (stage, pick) => {
    const ms = pick(HUNG_MS);
    stage.faults.loseAnswers("upstash", ms);
    noteSilence(stage, ms);
  }),
];

function kindOf(key: string): string {
  return key.replace(/:.*/, "");
}

function fault(
  name: FaultKind,
  happen: (stage: Stage, pick: Pick) => Promise<void> | void,
): Action {
  return {
    name,
    weight: 4,
    perform: async (stage, pick) => {
      if (!stage.swarm.kinds.has(name)) throw new Error("This run does not include it.");
      await happen(stage, pick);
      stage.faults.note(name);
    },
  };
}

function redisOf({ cloud }: Stage) {
  if (!cloud.upstash) throw new Error("There is no Redis emulator.");
  return cloud.upstash;
}

function noteLoss(
  stage: Stage,
  key: string | undefined,
  sequences: Loss["sequences"] = new Map(),
): void {
  auctionLogOf(stage).losses.push({ atMs: stage.cloud.clock.nowMs(), key, sequences });
}

function noteSilence(stage: Stage, ms: number): void {
  const fromMs = stage.cloud.clock.nowMs();
  auctionLogOf(stage).silences.push({ fromMs, toMs: fromMs + ms });
}
