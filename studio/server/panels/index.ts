import type { StudioHost } from "../host.ts";
import { discordPanel } from "./discord/index.ts";
import { insidePanels } from "./inside/index.ts";
import { mailPanel } from "./mail.ts";
import { pagesPanel } from "./pages.ts";
import { replayPanel } from "./replay.ts";
import { scenesPanel } from "./scenes.ts";
import { shopsPanel } from "./shops.ts";
import { stripePanel } from "./stripe/index.ts";
import { timePanel } from "./time.ts";
import { troublePanel } from "./trouble/index.ts";
import { twitchPanel } from "./twitch.ts";

/** Every panel by its name; the page's calls are typed by it. */
export function createPanels(host: StudioHost) {
  return {
    discord: discordPanel(host),
    replay: replayPanel(),
    scenes: scenesPanel(host),
    time: timePanel(host),
    trouble: troublePanel(host),
    twitch: twitchPanel(host),
    ...insidePanels(host),
    stripe: stripePanel(host),
    shops: shopsPanel(host),
    mail: mailPanel(host),
    pages: pagesPanel(host),
  };
}

export type Panels = ReturnType<typeof createPanels>;
