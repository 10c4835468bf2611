import type { Command } from "../command.ts";
import { auditAuction } from "./auction/audit.ts";
import { cancelAuctionByHand } from "./auction/cancel.ts";
import { closeAuction } from "./auction/close.ts";
import { listAuctions } from "./auction/list.ts";
import { restoreAuction } from "./auction/restore.ts";
import { showAuction } from "./auction/show.ts";
import { discardDeadLetters } from "./dead-letters/discard.ts";
import { listDeadLetters } from "./dead-letters/list.ts";
import { replayDeadLetters } from "./dead-letters/replay.ts";
import { showDeadLetter } from "./dead-letters/show.ts";
import { ledgerAdjust } from "./ledger/adjust.ts";
import { ledgerCheck } from "./ledger/check.ts";
import { ledgerExport } from "./ledger/export.ts";
import { ledgerRefund } from "./ledger/refund.ts";
import { ledgerReverse } from "./ledger/reverse.ts";
import { ledgerSale } from "./ledger/sale.ts";
import { closeRefund } from "./orders/close.ts";
import { orderEvidence } from "./orders/evidence.ts";
import { findOrders } from "./orders/find.ts";
import { listStuckOrders } from "./orders/list.ts";
import { moveOrderByHand } from "./orders/move.ts";
import { refundByHand } from "./orders/refund.ts";
import { retryStuckOrder } from "./orders/retry.ts";
import { showOrder } from "./orders/show.ts";
import { reconcile } from "./reconcile.ts";
import { trace } from "./trace.ts";

/** Every command of `./dev ops`, as the help shows them. */
export const commands: readonly Command[] = [
  listDeadLetters,
  showDeadLetter,
  replayDeadLetters,
  discardDeadLetters,
  listAuctions,
  showAuction,
  auditAuction,
  closeAuction,
  cancelAuctionByHand,
  restoreAuction,
  findOrders,
  showOrder,
  orderEvidence,
  refundByHand,
  moveOrderByHand,
  retryStuckOrder,
  closeRefund,
  listStuckOrders,
  reconcile,
  ledgerCheck,
  ledgerSale,
  ledgerRefund,
  ledgerAdjust,
  ledgerReverse,
  ledgerExport,
  trace,
];
