import type { Command } from "../command.ts";
import { discardDeadLetters } from "./dead-letters/discard.ts";
import { listDeadLetters } from "./dead-letters/list.ts";
import { replayDeadLetters } from "./dead-letters/replay.ts";
import { showDeadLetter } from "./dead-letters/show.ts";
import { ledgerCheck, ledgerExport } from "./ledger.ts";
import { reconcile } from "./reconcile.ts";

/** Every command of `./dev ops`, as the help shows them. */
export const commands: readonly Command[] = [
  listDeadLetters,
  showDeadLetter,
  replayDeadLetters,
  discardDeadLetters,
  reconcile,
  ledgerCheck,
  ledgerExport,
];
