import { Mistake } from "../../tools/cli/mistake.ts";
import { startCloud } from "../cloud/cloud.ts";
import { environment } from "../kit/environment.ts";
import { openFirestore, SETTINGS, type Stage } from "./cast.ts";
import { pictureFile } from "./pictures/picture.ts";
import { playEverything } from "./play.ts";
import { Timeline } from "./timeline.ts";

const picture = pictureFile(process.argv.slice(2));
const print = (line: string) => process.stdout.write(`${line}\n`);

print("Starting the whole cloud on this machine…");
const logLines: string[] = [];
const cloud = await startCloud({
  log: (line) => logLines.push(line),
  environment: { ...environment, ...SETTINGS },
});
const { discord, stripe, twitch } = cloud;
if (!discord || !stripe || !twitch) {
  throw new Mistake(
    "The demo needs the simulators of Discord, Stripe and Twitch: unset DISCORD_API_BASE_URL, STRIPE_API_BASE_URL and TWITCH_API_BASE_URL.",
  );
}
const { firestore, close } = openFirestore(cloud);
const stage: Stage = { cloud, discord, stripe, twitch, firestore, logLines };
const timeline = new Timeline(stage, print);
await playEverything(stage, timeline, picture);
const allHeld = timeline.end();

await close();
await cloud.stop();
process.exit(allHeld ? 0 : 1);
