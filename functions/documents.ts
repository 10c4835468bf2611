import type { DocumentDefinition } from "../shared/documents/define-document.ts";
import { deadLetterDocument } from "../shared/documents/definitions/dead-letter.ts";
import { ledgerPostingDocument } from "../shared/documents/definitions/ledger-posting.ts";
import { ledgerTransactionDocument } from "../shared/documents/definitions/ledger-transaction.ts";
import { processedDocument } from "../shared/documents/definitions/processed.ts";
import { sweepDocument } from "../shared/documents/definitions/sweep.ts";
import { userDocument } from "../shared/documents/definitions/user.ts";
import { auctionDocument } from "./auctions/documents/auction.ts";
import { bidDocument } from "./auctions/documents/bid.ts";
import { unpaidWinDocument } from "./auctions/documents/unpaid-win.ts";
import { goLiveDocument } from "./going-live/documents/go-live.ts";
import { goLiveOutcomeDocument } from "./going-live/documents/go-live-outcome.ts";
import { builderDocument } from "./members/documents/builder.ts";
import { hostDocument } from "./members/documents/host.ts";
import { signInDocument } from "./members/documents/sign-in.ts";
import {
  builderStandingDocument,
  hostStandingDocument,
} from "./members/documents/standing-fields.ts";
import { standingTombstoneDocument } from "./members/documents/standing-tombstone.ts";
import { walletDocument } from "./members/documents/wallet.ts";
import { forgettingDocument } from "./privacy/documents/forgetting.ts";
import { forgottenDocument } from "./privacy/documents/forgotten.ts";
import { lobbyDocument } from "./races/documents/lobby.ts";
import { payoutDocument } from "./races/documents/payout.ts";
import { saleDocument } from "./races/documents/sale.ts";
import { saleDisputeDocument } from "./races/documents/sale-dispute.ts";
import { saleRefundDocument } from "./races/documents/sale-refund.ts";
import { waitingRefundDocument } from "./races/documents/waiting-refund.ts";
import { caseDocument } from "./shipping/documents/case.ts";
import { deadlineDocument } from "./shipping/documents/deadline.ts";
import { parcelDocument } from "./shipping/documents/parcel.ts";
import { shippingTermsDocument } from "./shipping/documents/shipping-terms.ts";
import { debtDocument } from "./shop/documents/debt.ts";
import { dropDocument } from "./shop/documents/drop.ts";
import { dropBuyerDocument } from "./shop/documents/drop-buyer.ts";
import { dropUnitDocument } from "./shop/documents/drop-unit.ts";
import { dropWaitDocument } from "./shop/documents/drop-wait.ts";
import { forgottenAccountDocument } from "./shop/documents/forgotten-account.ts";
import { orderDocument } from "./shop/documents/order.ts";
import { refundDocument } from "./shop/documents/refund.ts";
import { tombstoneDocument } from "./shop/documents/tombstone.ts";

/** Every collection of the database; composed from the features' `documents/`, in the order of their paths. */
export const documentDefinitions: readonly DocumentDefinition[] = [
  auctionDocument,
  bidDocument,
  builderDocument,
  caseDocument,
  debtDocument,
  builderStandingDocument,
  deadLetterDocument,
  deadlineDocument,
  dropWaitDocument,
  forgettingDocument,
  forgottenDocument,
  forgottenAccountDocument,
  goLiveDocument,
  goLiveOutcomeDocument,
  hostDocument,
  hostStandingDocument,
  dropDocument,
  dropBuyerDocument,
  dropUnitDocument,
  ledgerTransactionDocument,
  ledgerPostingDocument,
  lobbyDocument,
  orderDocument,
  refundDocument,
  parcelDocument,
  payoutDocument,
  processedDocument,
  saleDocument,
  saleDisputeDocument,
  saleRefundDocument,
  shippingTermsDocument,
  signInDocument,
  standingTombstoneDocument,
  sweepDocument,
  tombstoneDocument,
  userDocument,
  unpaidWinDocument,
  waitingRefundDocument,
  walletDocument,
];
