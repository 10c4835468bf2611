import { barCommand, barring } from "./bars/bar.ts";
import { liftCommand, lifting } from "./bars/lift.ts";
import {
  amountButton,
  amountForm,
  bidButton,
  bidCommand,
  noticeButton,
  sureButton,
} from "./bid.ts";
import { acceptButton, claimButton } from "./buttons.ts";
import { accepting, claiming } from "./claim.ts";
import { cancelCommand, cancelling } from "./controls/cancel.ts";
import { closeCommand, closing } from "./controls/close.ts";
import { extendCommand, extending } from "./controls/extend.ts";
import { removeBidsCommand, removingBids } from "./controls/remove-bids.ts";
import { sellCommand, selling } from "./controls/sell.ts";
import { voidCommand, voiding } from "./controls/void.ts";
import { historyCommand, showingHistory } from "./showing/history.ts";
import { listCommand, listing } from "./showing/list.ts";
import { showCommand, showing } from "./showing/show.ts";
import { rerunCommand, rerunning } from "./starting/rerun.ts";
import { startCommand, starting } from "./starting/start.ts";

/** The commands, buttons and forms of auctions. */
export const auctionDefinitions = [
  startCommand,
  listCommand,
  showCommand,
  cancelCommand,
  closeCommand,
  sellCommand,
  extendCommand,
  removeBidsCommand,
  voidCommand,
  rerunCommand,
  historyCommand,
  barCommand,
  liftCommand,
  bidCommand,
  bidButton,
  sureButton,
  amountButton,
  noticeButton,
  amountForm,
  claimButton,
  acceptButton,
] as const;

/** The actions of these commands, buttons and forms. Bids are decided at once; see `bidding/`. */
export const auctionActions = [
  starting,
  listing,
  showing,
  cancelling,
  closing,
  selling,
  extending,
  removingBids,
  voiding,
  rerunning,
  showingHistory,
  barring,
  lifting,
  claiming,
  accepting,
] as const;
