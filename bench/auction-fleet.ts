import { availableParallelism } from "node:os";
import { manifest } from "../functions/manifest.ts";
import {
  type FunctionProcess,
  firstAnswer,
  spawnFunction,
} from "../tools/build/function-process.ts";
import { bidOutcomeOf, risingBids } from "./auction-bids.ts";
import type { BidTarget } from "./auction-services.ts";
import { CONNECTIONS, STORM_HEADING, storm, TOO_LATE_MS, WITHIN_MS } from "./auction-storm.ts";
import { sendAll } from "./load.ts";
import { UPSTASH_COMMANDS_A_SECOND } from "./prices.ts";
import type { Say } from "./ratio.ts";
import { ping } from "./signed-requests.ts";

/** Instances as Cloud Run would start them, each a process; for more this machine has no room. */
const FLEETS = [1, 2, 4];
const CROWD = 5_000;
/** Bids that have an instance load what it needs. */
const WARMING = 100;
/** The crowd of a live show's last seconds, and the instances that are to bear it. */
const ASKED = { crowd: 20_000, instances: 20 };
/** Cloud Run starts another instance when the processors of all are this busy. https://cloud.google.com/run/docs/about-instance-autoscaling */
const BUSY = 0.6;

/** What a bid that is decided costs where nothing else is in the way. */
export interface BidCost {
  /** The processor time of an instance; undefined where the system does not tell. */
  readonly processorMs: number | undefined;
  readonly scriptMicros: number;
}

/**
 * The scaling of the real service: several instances that know nothing of each other share one Redis, each with
 * as many connections as Cloud Run gives it. What is measured here shares this machine's processors; what the
 * whole fleet could bear is computed from the processor time of a bid, and printed as that.
 */
export async function benchFleet(
  say: Say,
  target: BidTarget,
  { processorMs, scriptMicros }: BidCost,
): Promise<void> {
  say(
    `MEASURED: ${CROWD} bids in one auction, all within ${WITHIN_MS / 1000} s, at several instances`,
  );
  say(
    `  with ${CONNECTIONS} connections each and one Redis between them; all of it, the senders too, on`,
  );
  say(
    `  the ${availableParallelism()} processors of this machine (aim: none over ${TOO_LATE_MS / 1000} s):`,
  );
  say(`  instances${STORM_HEADING}`);
  for (const size of FLEETS) await benchOne(say, target, size);
  sayPaper(say, processorMs, scriptMicros);
}

async function benchOne(say: Say, target: BidTarget, size: number): Promise<void> {
  const fleet: FunctionProcess[] = [];
  try {
    for (let count = 0; count < size; count += 1) {
      fleet.push(await spawnFunction("discord-interactions", target.settings));
    }
    await Promise.all(fleet.map((instance) => firstAnswer(instance, ping)));
    const warming = `warming-${size}`;
    await target.auctions.open(warming, target.clock.now());
    const load = { connections: 1, outcomeOf: bidOutcomeOf };
    for (const { url } of fleet) await sendAll(url, risingBids(warming, WARMING), load);
    const { row } = await storm(target, fleet, CROWD, CONNECTIONS);
    say(`${String(size).padStart(11)}${row}`);
  } finally {
    await Promise.all(fleet.map((instance) => instance.stop()));
  }
}

/** What follows from it for instances that have a processor each. */
function sayPaper(say: Say, processorMs: number | undefined, scriptMicros: number): void {
  if (processorMs === undefined) {
    say("On paper: nothing, for this system does not tell the processor time of a process.");
    return;
  }
  const { cpu, maxInstances } = manifest["discord-interactions"];
  const perInstance = (cpu * 1000 * BUSY) / processorMs;
  const asked = (ASKED.crowd / WITHIN_MS) * 1000;
  const perSecond = (value: number) => `${value.toFixed(0)} a second`;
  const share = (of: number) => `${((100 * asked) / of).toFixed(0)} %`;
  const needed = Math.ceil(asked / perInstance);
  const ofFleet = perInstance * ASKED.instances;
  const ofRedis = 1_000_000 / scriptMicros;
  say(
    "EXTRAPOLATED from the processor time of a bid above, for instances with a processor of their own:",
  );
  say(
    `  ${processorMs.toFixed(2)} ms for a bid, ${100 * BUSY} % of a processor: ${perSecond(perInstance)} an instance.`,
  );
  say(
    `  ${ASKED.crowd} bids in ${WITHIN_MS / 1000} s are ${perSecond(asked)}: ${needed} instances, ${share(ofFleet)} of what ${ASKED.instances} bear` +
      ` (aim: at most 100 %).`,
  );
  say(
    `  The manifest allows ${maxInstances} where a project may use 20 processors, and more in proportion (Terraform's vcpu_quota).`,
  );
  say(
    `  Redis decides an auction's bids one after the other: ${scriptMicros.toFixed(0)} µs each are ${perSecond(ofRedis)}, of which ${share(ofRedis)} are asked;`,
  );
  say(
    `  Upstash takes ${UPSTASH_COMMANDS_A_SECOND} commands a second, of which ${share(UPSTASH_COMMANDS_A_SECOND)} are asked.`,
  );
}
