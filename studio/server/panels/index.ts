import { CommitLog } from "../commits.ts";
import type { StudioHost } from "../host.ts";
import { discordPanel } from "./discord/index.ts";
import { scenesPanel } from "./scenes.ts";
import { timePanel } from "./time.ts";
import { tracesPanel } from "./traces/index.ts";
import { twitchPanel } from "./twitch.ts";

/** Every panel by its name; the page's calls are typed by it. */
export function createPanels(host: StudioHost) {
  const commits = new CommitLog(host);
  return {
    discord: discordPanel(host),
    scenes: scenesPanel(host),
    time: timePanel(host),
    twitch: twitchPanel(host),
    traces: tracesPanel(host, commits),
  };
}

export type Panels = ReturnType<typeof createPanels>;
