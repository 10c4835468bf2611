import { availableParallelism } from "node:os";
import { manifest } from "../../functions/manifest.ts";
import {
  type FunctionProcess,
  firstAnswer,
  spawnFunction,
} from "../../tools/build/function-process.ts";
import { UPSTASH_COMMANDS_A_SECOND } from "../costs/prices.ts";
import { sendAll } from "../load.ts";
import type { Print } from "../ratio.ts";
import { ping } from "../signed-requests.ts";
import { bidOutcomeOf, risingBids } from "./bids.ts";
import type { BidTarget } from "./services.ts";
import { CONNECTIONS, STORM_HEADING, storm, TOO_LATE_MS, WITHIN_MS } from "./storm.ts";

/** Numbers of instances, each a process as on Cloud Run; this machine has no room for more. */
const FLEETS = [1, 2, 4];
const CROWD = 5_000;
/** Bids that make an instance load what it needs. */
const WARMING = 100;
/** The target: the crowd of a live show's last seconds, and the instances that must handle it. */
const TARGET = { crowd: 20_000, instances: 20 };
/**
 * Cloud Run adds an instance when the average processor use reaches this:
 * https://cloud.google.com/run/docs/about-instance-autoscaling
 */
const BUSY = 0.6;

/** The cost of a bid's decision without contention. */
export interface BidCost {
  /** An instance's processor time; undefined where the system does not report it. */
  readonly processorMs: number | undefined;
  readonly scriptMicros: number;
}

/**
 * Measures how the service scales: several independent instances share one Redis, each with as many
 * connections as on Cloud Run. Here they also share this machine's processors, so the capacity of
 * the whole fleet is extrapolated from the processor time of a bid and printed as such.
 */
export async function benchFleet(
  print: Print,
  target: BidTarget,
  { processorMs, scriptMicros }: BidCost,
): Promise<void> {
  print(
    `MEASURED: ${CROWD} bids in one auction, all within ${WITHIN_MS / 1000} s, at several instances`,
  );
  print(
    `  with ${CONNECTIONS} connections each, sharing one Redis; everything, including the senders, runs on`,
  );
  print(
    `  the ${availableParallelism()} processors of this machine (aim: none over ${TOO_LATE_MS / 1000} s):`,
  );
  print(`  instances${STORM_HEADING}`);
  for (const size of FLEETS) await benchOne(print, target, size);
  printExtrapolation(print, processorMs, scriptMicros);
}

async function benchOne(print: Print, target: BidTarget, size: number): Promise<void> {
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
    print(`${String(size).padStart(11)}${row}`);
  } finally {
    await Promise.all(fleet.map((instance) => instance.stop()));
  }
}

/** Prints the extrapolation to instances that each have a processor. */
function printExtrapolation(
  print: Print,
  processorMs: number | undefined,
  scriptMicros: number,
): void {
  if (processorMs === undefined) {
    print("No extrapolation: this system does not report the processor time of a process.");
    return;
  }
  const { cpu, maxInstances } = manifest["discord-interactions"];
  const perInstance = (cpu * 1000 * BUSY) / processorMs;
  const asked = (TARGET.crowd / WITHIN_MS) * 1000;
  const perSecond = (value: number) => `${value.toFixed(0)} per second`;
  const share = (of: number) => `${((100 * asked) / of).toFixed(0)} %`;
  const needed = Math.ceil(asked / perInstance);
  const ofFleet = perInstance * TARGET.instances;
  const ofRedis = 1_000_000 / scriptMicros;
  print(
    "EXTRAPOLATED from the processor time of a bid above, for instances with their own processor:",
  );
  print(
    `  ${processorMs.toFixed(2)} ms per bid at ${100 * BUSY} % processor use: ${perSecond(perInstance)} per instance.`,
  );
  print(
    `  ${TARGET.crowd} bids in ${WITHIN_MS / 1000} s are ${perSecond(asked)}: ${needed} instances, ${share(ofFleet)} of the capacity of ${TARGET.instances}` +
      ` (aim: at most 100 %).`,
  );
  print(
    `  The manifest allows ${maxInstances} instances per 20 processors of quota (Terraform's vcpu_quota).`,
  );
  print(
    `  Redis decides an auction's bids one after the other: ${scriptMicros.toFixed(0)} µs each are ${perSecond(ofRedis)}, of which ${share(ofRedis)} are needed;`,
  );
  print(
    `  Upstash accepts ${UPSTASH_COMMANDS_A_SECOND} commands per second, of which ${share(UPSTASH_COMMANDS_A_SECOND)} are needed.`,
  );
}
