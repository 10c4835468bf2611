import { startChromium, type Tab } from "../../../../local/browser/chromium.ts";
import { startCloud } from "../../../../local/cloud/cloud.ts";
import { community } from "../../../../local/cloud/community.ts";
import { startControl } from "../../../../local/control/control.ts";
import { openStudio } from "../../../../studio/server/index.ts";
import { LogTail } from "../../../../studio/server/log-tail.ts";
import { registerCommands } from "../../../setup/register-commands.ts";
import { animatedPng, type Frame } from "./animated-png.ts";
import { messagesOf, Player, withText } from "./player.ts";

/** The files of the pictures, below docs/images. */
type StudioPicture = "studio" | "studio-trace";

const LOOK = { width: 1100, height: 640 };
/** How long a frame of the recording is shown. */
const FRAME_MS = 1_400;
/** Always the same lot and bidders. */
const SEED = "7";

/**
 * Sets up an auction in its last minute in the studio and lets two people bid, side by side. Gives a recording of it,
 * and a trace, as PNG. `path` is Chromium's.
 */
export async function makeStudioPictures(
  path: string,
): Promise<Readonly<Record<StudioPicture, Buffer>>> {
  const logs = new LogTail();
  const cloud = await startCloud({ log: (line) => logs.add(line), rateLimits: false });
  const save = () => undefined;
  const studio = await openStudio({ cloud, logs, save });
  const control = await startControl({ ...cloud, save, pages: studio.router });
  const browser = startChromium(path);
  try {
    const { settings } = cloud;
    await registerCommands({
      apiBaseUrl: settings.DISCORD_API_BASE_URL ?? "",
      applicationId: community.applicationId,
      botToken: settings.DISCORD_BOT_TOKEN ?? "",
      guildId: community.guildId,
    });
    await cloud.discord?.saveEndpoint(`${cloud.functions.url}/discord-interactions`);
    const open = (url: string): Promise<Tab> => browser.open(url, LOOK);
    const player = new Player(await open(`${control.url}/#token=${studio.token}`), open);
    const recording = animatedPng(await recordAuction(player));
    return { studio: recording, "studio-trace": await pictureTrace(player) };
  } finally {
    await browser.stop();
    await control.stop();
    await studio.stop();
    await cloud.stop();
  }
}

async function recordAuction(player: Player): Promise<Frame[]> {
  const frames: Frame[] = [];
  const shoot = async (ms = FRAME_MS) => {
    await player.settle();
    frames.push({ png: await player.tab.picture(), ms });
  };
  const scene = "An auction in its last minute";
  const latest = '[aria-label="The latest scene"]';
  await player.goTo("Scenes");
  await player.fillIn(scene, "Seed", SEED);
  await shoot();
  await player.click("Set it up", `[aria-label="${scene}"] button`);
  await player.read("is ready", latest);
  await shoot();
  const link = "Bid as finn, beside ";
  const text = await player.tab.evaluate(`${withText(`${latest} a`, link)}.textContent`);
  const leader = String(text).slice(link.length).trim();
  await player.click(link, `${latest} a`);
  await player.read("Next bid");
  await shoot();
  for (const bidder of ["finn", leader, "finn", leader]) {
    await player.press("Bid $", bidder);
    await player.read("It ends", messagesOf(bidder));
    await shoot();
  }
  await player.goTo("Time");
  await player.click("+ 1 minute");
  await player.goTo("Discord");
  await player.read("SOLD");
  await shoot(3 * FRAME_MS);
  return frames;
}

async function pictureTrace(player: Player): Promise<Buffer> {
  await player.goTo("Inside");
  await player.tab.click(withText("tbody td", "/c500 auction start"));
  await player.settle();
  return player.tab.picture();
}
