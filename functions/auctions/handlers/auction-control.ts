import { commandFunction } from "../../members/command-function.ts";
import { auctionActions, auctionDefinitions } from "../commands/index.ts";

/** All commands and buttons about auctions except bids. */
export const handler = commandFunction("auction-control", auctionDefinitions, auctionActions);
