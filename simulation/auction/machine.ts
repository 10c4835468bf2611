import type { Deed, Pick } from "../scenario.ts";
import type { Stage } from "../stage.ts";
import type { FaultKind } from "../swarm.ts";
import { houseOf } from "./house.ts";

const HUNG_MS = [900, 3_000, 8_000, 20_000];

/** What happens to Redis, in runs that have it. */
export const machineDeeds: readonly Deed[] = [
  fault("redis fails over", async (stage, pick) => {
    const { replica } = redisOf(stage);
    replica?.failOver(pick([1, 1, 2, 3, 5, 10, 25]));
    noteLoss(stage, undefined);
  }),
  fault("redis is flushed", async (stage) => {
    await redisOf(stage).loseData();
    noteLoss(stage, undefined);
  }),
  fault("redis loses a key", async (stage, pick) => {
    const redis = redisOf(stage);
    const keys = (await redis.run("KEYS", "auction*")) as readonly string[];
    const key = pick([...keys].toSorted());
    await redis.run("DEL", key);
    noteLoss(stage, key);
  }),
  fault("redis hangs", (stage, pick) => redisOf(stage).hang(pick(HUNG_MS))),
];

function fault(name: FaultKind, happen: (stage: Stage, pick: Pick) => Promise<void> | void): Deed {
  return {
    ...{ name, weight: 2 },
    perform: async (stage, pick) => {
      if (!stage.swarm.kinds.has(name)) throw new Error("It does not happen in this run.");
      await happen(stage, pick);
      stage.faults.note(name);
    },
  };
}

function redisOf({ cloud }: Stage) {
  if (!cloud.upstash) throw new Error("There is no Redis of ours.");
  return cloud.upstash;
}

function noteLoss(stage: Stage, key: string | undefined): void {
  houseOf(stage).losses.push({ atMs: stage.cloud.clock.nowMs(), key });
}
