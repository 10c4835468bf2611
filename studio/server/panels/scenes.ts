import * as z from "zod/mini";
import { type SetUpScene, setUpScene, stagedScenes } from "../../../local/demo/staged/index.ts";
import { runTrigger, type Triggered, triggers } from "../../../local/triggers/index.ts";
import type { StudioHost } from "../host.ts";
import { defineCall } from "../panel.ts";
import { openStage } from "../stage.ts";

/** What was started last. */
interface Started {
  readonly name: string;
  readonly seed: number;
  readonly lines: string[];
  state: "running" | "ready" | "failed";
  links: SetUpScene["links"];
  problem: string | undefined;
}

/** Seeds stay readable in links. */
const MOST_SEED = 999_999;

/** Scenes to set up, and events to make. */
export function scenesPanel(host: StudioHost) {
  const stage = openStage(host);
  let last: Started | undefined;
  let version = 0;

  const start = async ({ name, seed }: { readonly name: string; readonly seed: number }) => {
    if (last?.state === "running") throw new Error("Another scene is being set up.");
    const started: Started = {
      name,
      seed,
      lines: [],
      state: "running",
      links: [],
      problem: undefined,
    };
    last = started;
    version += 1;
    try {
      const { links } = await setUpScene(stage(), { name, seed }, (line) => {
        started.lines.push(line);
        version += 1;
      });
      started.links = links;
      started.state = "ready";
    } catch (error) {
      started.state = "failed";
      started.problem = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      version += 1;
      host.save();
    }
    return started;
  };

  return {
    calls: {
      list: defineCall(z.object({}), () => ({
        scenes: stagedScenes.map(({ name, title, does }) => ({ name, title, does })),
        triggers: triggers.map(({ name, does, options }) => ({
          name,
          does,
          options: Object.entries(options).map(([option, described]) => ({
            name: option,
            ...described,
          })),
        })),
      })),
      read: defineCall(z.object({}), () => ({ last })),
      start: defineCall(
        z.object({
          name: z.string(),
          seed: z.int().check(z.gte(0), z.lte(MOST_SEED)),
        }),
        start,
      ),
      trigger: defineCall(
        z.object({ name: z.string(), options: z.record(z.string(), z.string()) }),
        async ({ name, options }): Promise<Triggered> => {
          const given = Object.entries(options).filter(([, text]) => text !== "");
          const result = await runTrigger(stage(), name, Object.fromEntries(given));
          host.save();
          return result;
        },
      ),
    },
    version: () => version,
  };
}
