import type { ChangesOf } from "../../../../shared/documents/define-document.ts";
import {
  judgeCommand,
  type MoneyCommand,
  rememberCommand,
  undoCommand,
} from "../../../../shared/money/money-command.ts";
import type { DocumentSnapshot } from "../../../../shared/ports/database.ts";
import { orderDocument } from "../../documents/order.ts";
import type { RefundedPart } from "../../domain/order-parts.ts";

/**
 * A refund that somebody typed and that is not begun. `superseded`: an identical newer command was seen,
 * and that one counts. `just-refunded`: an identical older one has refunded it. `too-late`: the command was
 * too old when it was to be decided.
 */
export type NotBegun =
  | { readonly outcome: "superseded" | "just-refunded"; readonly otherId: string }
  | { readonly outcome: "too-late" };

/** A refund that somebody typed, as it is to be begun. */
interface TypedRefund {
  readonly id: string;
  /** Minor units; everything that is left unless given. */
  readonly amount: number | undefined;
  readonly part?: RefundedPart | undefined;
  readonly deadline?: Date | undefined;
  readonly now: Date;
}

const readCommands = orderDocument.part("refundCommands");

/** The order's fields by which commands are remembered. */
type Remembered = Pick<ChangesOf<typeof orderDocument>, "refundCommands">;

/** What identical commands make of one that somebody typed, and how it is remembered with its order. */
interface JudgedRefund {
  /** Why it is not looked at any further. */
  readonly refusal: NotBegun | undefined;
  /** An older one has refunded the same: why it is not done, should there be something left to refund. */
  readonly repeated: NotBegun | undefined;
  /** The order's fields by which it is remembered. */
  readonly remember: (isDone: boolean) => Remembered;
}

/** Judges a command by those that its order remembers, and by its deadline. */
export function judgeTyped(
  { id, amount, part, deadline, now }: TypedRefund,
  order: DocumentSnapshot,
): JudgedRefund {
  const command = { id, what: [amount ?? "all", part ?? []].flat().join(" of ") };
  const remembered = commandsOf(order);
  const judged = judgeCommand(command, remembered);
  const isLate = deadline !== undefined && now > deadline;
  const late = isLate ? ({ outcome: "too-late" } as const) : undefined;
  return {
    refusal:
      judged.verdict === "superseded" ? { outcome: "superseded", otherId: judged.otherId } : late,
    repeated:
      judged.verdict === "repeated"
        ? { outcome: "just-refunded", otherId: judged.otherId }
        : undefined,
    remember: (isDone) => ({
      refundCommands: rememberCommand({ ...command, isDone }, remembered),
    }),
  };
}

function commandsOf(order: DocumentSnapshot): readonly MoneyCommand[] {
  return readCommands(order).refundCommands ?? [];
}

/** The order's fields once a refund was not made after all: the same may be typed again at once. */
export function withUndone(id: string, order: DocumentSnapshot): Remembered {
  return { refundCommands: undoCommand(id, commandsOf(order)) };
}
