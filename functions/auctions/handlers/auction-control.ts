import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { type CommandAction, commandFunction } from "../../members/command-function.ts";
import { bar, isBarChanged, lift } from "../commands/bars.ts";
import { accept, claim } from "../commands/claim.ts";
import { type AuctionControlDeps, ownAuction } from "../commands/control-deps.ts";
import { closeNow, extend, isExtended, isRemoved, removeBids, sell } from "../commands/controls.ts";
import { auctionButtons, auctionCommands } from "../commands/definitions.ts";
import { history } from "../commands/history.ts";
import { cancel, list, show, takeBack } from "../commands/manage.ts";
import { rerun, start } from "../commands/start.ts";

/** Whether a command has already created its auction. */
async function isCreated(
  { id }: DiscordCommand,
  { auctions }: AuctionControlDeps,
): Promise<boolean> {
  return (await auctions.get(id)) !== undefined;
}

async function isHammered(command: DiscordCommand, deps: AuctionControlDeps): Promise<boolean> {
  const { state } = (await ownAuction(command, deps)) ?? {};
  return state === "sold" || state === "unsold";
}

/** The action of each command and button. */
const actions = {
  "c500 auction start": { run: start, isBegun: isCreated },
  "c500 auction list": list,
  "c500 auction show": show,
  "c500 auction cancel": {
    run: cancel,
    isBegun: async (command, deps) => (await ownAuction(command, deps))?.state === "cancelled",
  },
  "c500 auction close": { run: closeNow, isBegun: isHammered },
  "c500 auction sell": {
    run: sell,
    isBegun: async (command, deps) => (await ownAuction(command, deps))?.state === "sold",
  },
  "c500 auction extend": { run: extend, isBegun: isExtended },
  "c500 auction remove-bids": { run: removeBids, isBegun: isRemoved },
  "c500 auction void": {
    run: takeBack,
    isBegun: async (command, deps) => (await ownAuction(command, deps))?.state === "void",
  },
  "c500 auction rerun": { run: rerun, isBegun: isCreated },
  "c500 auction history": history,
  "c500 auction bar": { run: bar, isBegun: isBarChanged },
  "c500 auction lift": { run: lift, isBegun: isBarChanged },
  [auctionButtons.claim.name]: claim,
  [auctionButtons.accept.name]: accept,
} satisfies Record<string, CommandAction<AuctionControlDeps>>;

/** All commands and buttons about auctions except bids. */
export const handler = commandFunction(
  "auction-control",
  [...auctionCommands, ...Object.values(auctionButtons)],
  actions,
);
