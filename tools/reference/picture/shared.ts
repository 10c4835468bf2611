import type { Browser, Look } from "../../../local/browser/chromium.ts";
import type { Cloud, CloudOptions } from "../../../local/cloud/cloud.ts";
import { community } from "../../../local/cloud/community.ts";
import { openFirestore, people, type Stage, seed } from "../../../local/demo/cast.ts";
import { LocalClock } from "../../../local/kit/clock.ts";
import { ReachableNetwork } from "../../../local/kit/http/reachable-network.ts";
import { Mistake } from "../../cli/mistake.ts";
import { registerCommands } from "../../setup/register-commands.ts";

/** Options of a cloud that a browser reaches, in real time. All else goes without sockets. */
export const reachable = () =>
  ({ network: new ReachableNetwork(), clock: new LocalClock() }) satisfies CloudOptions;

/** Fills a new cloud with the people of the demo and registers the commands. */
export async function setUp(cloud: Cloud): Promise<{ stage: Stage; close: () => Promise<void> }> {
  const { discord, stripe, twitch, settings } = cloud;
  if (!discord || !stripe || !twitch) throw new Mistake("The picture needs the local simulators.");
  const { firestore, close } = openFirestore(cloud);
  const stage = { cloud, discord, stripe, twitch, firestore, logLines: [] };
  await seed(stage);
  await registerCommands({
    apiBaseUrl: settings.DISCORD_API_BASE_URL ?? "",
    applicationId: community.applicationId,
    botToken: settings.DISCORD_BOT_TOKEN ?? "",
    guildId: community.guildId,
  });
  return { stage, close };
}

/** A picture of a page; `change`, if given, is evaluated in it first. */
export async function shoot(
  browser: Browser,
  url: string,
  look: Look,
  change?: string,
): Promise<Buffer<ArrayBuffer>> {
  const tab = await browser.open(url, look);
  if (change !== undefined) await tab.evaluate(change);
  const picture = Buffer.from(await tab.picture());
  await tab.close();
  return picture;
}

/** The address of an HTML document itself. */
export function dataUrl(document: string): string {
  return `data:text/html;base64,${Buffer.from(document).toString("base64")}`;
}

/** The name of one of the demo's people. */
export function nameOf(id: string): string {
  return Object.entries(people).find(([, known]) => known === id)?.[0] ?? id;
}
