import type { StudioHost } from "../host.ts";
import { timePanel } from "./time.ts";

/** Every panel by its name; the page's calls are typed by it. */
export function createPanels(host: StudioHost) {
  return {
    time: timePanel(host),
  };
}

export type Panels = ReturnType<typeof createPanels>;
