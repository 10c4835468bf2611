import { auctionButtons, auctionCommands } from "./c500-auction.ts";
import { c500Live } from "./c500-live.ts";
import { shopButtons, shopCommands } from "./c500-shop.ts";
import type { ButtonDefinition, Command } from "./define-command.ts";
import { raceButtons, raceCommands } from "./race.ts";
import { walletCommands } from "./wallet.ts";

/** Every command there is. */
export const commands: readonly Command[] = [
  c500Live,
  ...shopCommands,
  ...auctionCommands,
  ...raceCommands,
  ...walletCommands,
];

/** Every button that is answered later. */
export const buttons: readonly ButtonDefinition[] = [
  ...Object.values(shopButtons),
  ...Object.values(auctionButtons),
  ...Object.values(raceButtons),
];
