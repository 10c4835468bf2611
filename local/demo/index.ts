import { parseArgs } from "node:util";
import { startCloud } from "../cloud.ts";
import { openFirestore, type Stage } from "./cast.ts";
import { playEverything } from "./play.ts";
import { Timeline } from "./timeline.ts";

/** Where the picture of the overlay goes unless `--picture FILE` says otherwise. */
const PICTURE = ".local/live-pot.png";

const { values } = parseArgs({ options: { picture: { type: "string", default: PICTURE } } });
const say = (line: string) => process.stdout.write(`${line}\n`);

say("Starting the whole cloud on this machine…");
const logLines: string[] = [];
const cloud = await startCloud({ log: (line) => logLines.push(line) });
const { discord, stripe, twitch } = cloud;
if (!discord || !stripe || !twitch) {
  process.stderr.write(
    "The demo needs the stand-ins of Discord, Stripe and Twitch: unset their addresses.\n",
  );
  process.exit(1);
}
const stage: Stage = { cloud, discord, stripe, twitch, firestore: openFirestore(cloud), logLines };
const timeline = new Timeline(stage);
await playEverything(stage, timeline, values.picture);
const allHeld = timeline.end();

await stage.firestore.terminate();
await cloud.stop();
process.exit(allHeld ? 0 : 1);
