import * as z from "zod/mini";
import { functionNames } from "../../../../functions/manifest.ts";
import { BidStorm } from "../../../../local/demo/storm.ts";
import type { StudioHost } from "../../host.ts";
import { defineCall } from "../../panel.ts";
import { openStage } from "../../stage.ts";
import { presets } from "./presets.ts";

const MOST_SECONDS = 3_600;
const nothing = z.object({});
const seconds = z.int().check(z.gte(1), z.lte(MOST_SECONDS));

/** A rule in force, for the list. */
interface Switched {
  readonly name: string;
  readonly untilMs: number | undefined;
  readonly cancel: () => void;
}

/** Faults, failing machines, and a storm of bidders. */
export function troublePanel(host: StudioHost) {
  const { cloud, save } = host;
  const { clock, faults, functions, upstash } = cloud;
  const stage = openStage(host);
  const switched = new Map<number, Switched>();
  let storm: BidStorm | undefined;
  // Failing over needs the states before the latest writes.
  upstash?.replica?.follow();

  const remove = (id: number) => {
    switched.get(id)?.cancel();
    switched.delete(id);
    faults.remove(id);
  };
  const redis = () => {
    if (!upstash) throw new Error("Redis is another server here.");
    return upstash;
  };

  return {
    calls: {
      list: defineCall(nothing, () => ({
        presets: presets.map(({ name, service }) => ({ name, service })),
        functions: [...functionNames].sort(),
        mostLostWrites: upstash?.replica?.most ?? 0,
      })),
      active: defineCall(nothing, () => ({
        rules: faults.rules().map(({ id, rule, applied }) => ({
          id,
          applied,
          name: switched.get(id)?.name ?? `${rule.target}: ${rule.fault.kind}`,
          untilMs: switched.get(id)?.untilMs,
          probability: rule.probability ?? 1,
        })),
      })),
      add: defineCall(
        z.object({
          name: z.string(),
          probability: z.number().check(z.gt(0), z.lte(1)),
          seconds: z.optional(seconds),
        }),
        ({ name, probability, seconds: lasting }) => {
          const preset = presets.find((each) => each.name === name);
          if (!preset) throw new Error(`There is no fault "${name}".`);
          const id = faults.add({ ...preset.rule, probability });
          const untilMs = lasting && clock.nowMs() + lasting * 1_000;
          const due = { service: "Studio", what: `ends the fault "${name}"` };
          const cancel = untilMs
            ? clock.at(
                untilMs,
                () => remove(id),
                () => due,
              )
            : () => undefined;
          switched.set(id, { name, untilMs, cancel });
          return { id };
        },
      ),
      remove: defineCall(z.object({ id: z.int() }), ({ id }) => remove(id)),
      removeAll: defineCall(nothing, () => {
        for (const { id } of faults.rules()) remove(id);
      }),
      killFunction: defineCall(z.object({ name: z.enum(functionNames) }), async ({ name }) => ({
        lost: await functions.kill(name),
      })),
      loseRedis: defineCall(nothing, async () => {
        await redis().loseData();
        save();
      }),
      failOverRedis: defineCall(z.object({ lost: z.int().check(z.gte(1)) }), ({ lost }) => {
        const { replica } = redis();
        if (!replica) throw new Error("This Redis has no replica.");
        replica.failOver(Math.min(lost, replica.most));
        save();
      }),
      hangRedis: defineCall(z.object({ seconds }), ({ seconds: lasting }) =>
        redis().hang(lasting * 1_000),
      ),
      storm: defineCall(nothing, () => ({
        storm: storm && { plan: storm.plan, samples: storm.samples, ended: storm.ended },
      })),
      startStorm: defineCall(
        z.object({
          bidsPerSecond: z.int().check(z.gte(1), z.lte(100)),
          bidders: z.int().check(z.gte(1), z.lte(1_000)),
          seconds,
        }),
        async (plan) => {
          if (storm && storm.ended === undefined) throw new Error("A storm is on already.");
          storm = await BidStorm.start(stage(), plan);
        },
      ),
      stopStorm: defineCall(nothing, () => storm?.stop()),
    },
    version: () => `${faults.version} ${storm?.samples.length} ${storm?.ended}`,
  };
}
