import { dirname } from "node:path";
import { registerCommands } from "../../tools/setup/register-commands.ts";
import { community } from "../cloud/community.ts";
import { printBalanceSheet } from "./balance-sheet.ts";
import { type Stage, seed } from "./cast.ts";
import { playAuction } from "./scenes/auction.ts";
import { playBuilderLimits, playOldClaim } from "./scenes/builder.ts";
import { playArrival, playDesk } from "./scenes/desk.ts";
import { playBundle } from "./scenes/fulfilment.ts";
import { playCommands, playEnd, playRequests } from "./scenes/index.ts";
import { playDisputes, playMoney } from "./scenes/money.ts";
import { playRaces } from "./scenes/race.ts";
import { playDrop, playRegistration } from "./scenes/shop.ts";
import { playStranger } from "./scenes/stranger.ts";
import { playWallets } from "./scenes/wallet.ts";
import type { Timeline } from "./timeline.ts";

/**
 * Plays the whole demo on an untouched stage. `picture` is the file for the Live Pot's screenshot, and packing slips are
 * saved beside it; without it neither is made.
 */
export async function playEverything(
  stage: Stage,
  timeline: Timeline,
  picture?: string,
): Promise<void> {
  await seed(stage);
  await registerCommands({
    apiBaseUrl: stage.cloud.settings.DISCORD_API_BASE_URL ?? "",
    applicationId: community.applicationId,
    botToken: stage.cloud.settings.DISCORD_BOT_TOKEN ?? "",
    guildId: community.guildId,
    fetch: stage.cloud.fetch,
  });

  timeline.scene("Setting up");
  timeline.does("Discord", "checks the endpoint with a PING and with bad signatures");
  const verified = await stage.discord
    .verifyEndpoint(`${stage.cloud.functions.url}/discord-interactions`)
    .then(
      () => true,
      () => false,
    );
  timeline.expect("the endpoint passes", verified);

  await playRegistration(stage, timeline);
  await playCommands(stage, timeline);
  await playStranger(stage, timeline);
  await playOldClaim(stage, timeline);
  await playBuilderLimits(stage, timeline);
  await playRequests(stage, timeline);
  const drop = await playDrop(stage, timeline);
  await playMoney(stage, timeline, drop);
  await playEnd(stage, timeline);
  const prize = await playAuction(stage, timeline);
  await playDisputes(stage, timeline, drop);
  const [built] = drop.purchases;
  const earlier = [prize, ...(built ? [built] : [])];
  const stream = await playBundle(stage, timeline);
  await playDesk(stage, timeline, { ...stream, earlier }, picture && dirname(picture));
  await playArrival(stage, timeline, { ...stream, earlier });
  timeline.expect("the books balance to the cent", await printBalanceSheet(stage, timeline));
  const races = await playRaces(stage, timeline, picture);
  await playWallets(stage, timeline, races);
}
