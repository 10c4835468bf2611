import type { StudioHost } from "../host.ts";
import { timePanel } from "./time.ts";
import { twitchPanel } from "./twitch.ts";

/** Every panel by its name; the page's calls are typed by it. */
export function createPanels(host: StudioHost) {
  return {
    time: timePanel(host),
    twitch: twitchPanel(host),
  };
}

export type Panels = ReturnType<typeof createPanels>;
