import { barCommand, barring } from "./bar.ts";
import {
  amountButton,
  amountForm,
  bidButton,
  bidCommand,
  noticeButton,
  sureButton,
} from "./bid.ts";
import { acceptButton, claimButton } from "./buttons.ts";
import { cancelCommand, cancelling } from "./cancel.ts";
import { accepting, claiming } from "./claim.ts";
import { closeCommand, closing } from "./close.ts";
import { extendCommand, extending } from "./extend.ts";
import { historyCommand, showingHistory } from "./history.ts";
import { liftCommand, lifting } from "./lift.ts";
import { listCommand, listing } from "./list.ts";
import { removeBidsCommand, removingBids } from "./remove-bids.ts";
import { rerunCommand, rerunning } from "./rerun.ts";
import { sellCommand, selling } from "./sell.ts";
import { showCommand, showing } from "./show.ts";
import { startCommand, starting } from "./start.ts";
import { voidCommand, voiding } from "./void.ts";

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
