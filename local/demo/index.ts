import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readTyped } from "../../tools/cli/command-line.ts";
import { devCommand } from "../../tools/cli/commands.ts";
import { Mistake } from "../../tools/cli/mistake.ts";
import { startCloud } from "../cloud.ts";
import { openFirestore, type Stage } from "./cast.ts";
import { playEverything } from "./play.ts";
import { Timeline } from "./timeline.ts";

/** Where the picture of the overlay goes unless `--picture FILE` says otherwise. */
const PICTURE = ".local/live-pot.png";

const { texts } = readTyped(devCommand("demo"), process.argv.slice(2));
const picture = resolve(texts["picture"] ?? PICTURE);
if (!existsSync(dirname(picture)) && texts["picture"] !== undefined) {
  throw new Mistake(`There is no folder ${dirname(picture)} for the picture.`);
}
if (statSync(picture, { throwIfNoEntry: false })?.isDirectory()) {
  throw new Mistake(
    `${picture} is a folder: name the file for the picture, such as ${join(picture, "live-pot.png")}.`,
  );
}
const say = (line: string) => process.stdout.write(`${line}\n`);

say("Starting the whole cloud on this machine…");
const logLines: string[] = [];
const cloud = await startCloud({ log: (line) => logLines.push(line) });
const { discord, stripe, twitch } = cloud;
if (!discord || !stripe || !twitch) {
  throw new Mistake(
    "The demo needs the simulators of Discord, Stripe and Twitch: unset DISCORD_API_BASE_URL, STRIPE_API_BASE_URL and TWITCH_API_BASE_URL.",
  );
}
const stage: Stage = { cloud, discord, stripe, twitch, firestore: openFirestore(cloud), logLines };
const timeline = new Timeline(stage);
await playEverything(stage, timeline, picture);
const allHeld = timeline.end();

await stage.firestore.terminate();
await cloud.stop();
process.exit(allHeld ? 0 : 1);
