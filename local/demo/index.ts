import { parseArgs } from "node:util";
import { registerCommands } from "../../tools/register-commands.ts";
import { startCloud } from "../cloud.ts";
import { community } from "../community.ts";
import { playAuction } from "./auction-scenes.ts";
import { openFirestore, type Stage, seed } from "./cast.ts";
import { playDisputes, playMoney } from "./money-scenes.ts";
import { playRaces } from "./race-scenes.ts";
import { playCommands, playEnd, playRequests } from "./scenes.ts";
import { playDrop, playRegistration } from "./shop-scenes.ts";
import { Timeline } from "./timeline.ts";
import { playWallets } from "./wallet-scenes.ts";

/** Where the picture of the overlay goes unless `--picture FILE` says otherwise. */
const PICTURE = ".local/live-pot.png";

const { values } = parseArgs({ options: { picture: { type: "string", default: PICTURE } } });
const say = (line: string) => process.stdout.write(`${line}\n`);

say("Starting the whole cloud on this machine…");
const logLines: string[] = [];
const cloud = await startCloud({ log: (line) => logLines.push(line) });
const { discord, stripe, twitch, settings } = cloud;
if (!discord || !stripe || !twitch) {
  process.stderr.write(
    "The demo needs the stand-ins of Discord, Stripe and Twitch: unset their addresses.\n",
  );
  process.exit(1);
}
const stage: Stage = { cloud, discord, stripe, twitch, firestore: openFirestore(cloud), logLines };
await seed(stage);
await registerCommands({
  apiBaseUrl: settings.DISCORD_API_BASE_URL ?? "",
  applicationId: community.applicationId,
  botToken: settings.DISCORD_BOT_TOKEN ?? "",
  guildId: community.guildId,
});

const timeline = new Timeline(stage);
timeline.scene("Setting up");
timeline.does("Discord", "checks our endpoint with a PING and with bad signatures");
const verified = await discord.verifyEndpoint(`${cloud.functions.url}/discord-interactions`).then(
  () => true,
  () => false,
);
timeline.expect("the endpoint passes", verified);

await playRegistration(stage, timeline);
await playCommands(stage, timeline);
await playRequests(stage, timeline);
const drop = await playDrop(stage, timeline);
await playMoney(stage, timeline, drop);
await playEnd(stage, timeline);
await playAuction(stage, timeline);
await playDisputes(stage, timeline, drop);
const races = await playRaces(stage, timeline, values.picture);
await playWallets(stage, timeline, races);
const allHeld = timeline.end();

await stage.firestore.terminate();
await cloud.stop();
process.exit(allHeld ? 0 : 1);
