import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import type { CommandUse } from "../../../shared/discord/command-action.ts";
import { builderWords, standingRefusal } from "../../members/messages/access.ts";
import type { Deps } from "../deps.ts";
import { draftRefusalTexts } from "../messages/drafts.ts";
import { dropRefusalTexts } from "../messages/drop-refusals.ts";
import { dropChangedText } from "../messages/own-drops.ts";
import type { DropChange } from "../store/drops.ts";
import { type ScheduleBoardDeps, scheduleBoard } from "./drop-board.ts";
import { scheduleOpening } from "./open-draft.ts";

/** What changing a drop needs. */
export type ChangeDropDeps = ScheduleBoardDeps & Pick<Deps, "drops" | "builders">;

/** A change of one drop that its builder asks for. */
interface OwnChange {
  readonly use: CommandUse;
  readonly dropId: string;
  readonly change: DropChange;
}

/**
 * Makes one change of a builder's own drop and says what it did. Only an approved builder may put more on sale or
 * change what is; anyone may close what is theirs, or throw a draft away. What is bought or being paid for stays as its order has it.
 *
 * Idempotency: once by the interaction's id; a repeat answers the same. Crash safety: the sweeper brings the post up
 * to date.
 */
export async function changeOwnDrop(
  { use: { id, userId }, dropId, change }: OwnChange,
  deps: ChangeDropDeps,
): Promise<OutgoingMessage> {
  const { drops, builders } = deps;
  const isWithdrawing = change.kind === "close" || change.kind === "discard";
  const refusal = isWithdrawing
    ? undefined
    : standingRefusal(await builders.standing(userId), builderWords);
  if (refusal !== undefined && !(await drops.hasApplied(dropId, id))) return { content: refusal };

  const result = await drops.change(dropId, userId, change, id);
  switch (result.outcome) {
    case "not-found":
    case "never-posted":
      return { content: dropRefusalTexts[result.outcome] };
    case "still-draft":
    case "no-draft":
      return { content: draftRefusalTexts[result.outcome] };
    case "too-many":
      return { content: `There is room for ${result.room} more units in that drop.` };
    case "changed": {
      await scheduleBoard(dropId, deps);
      if (change.kind === "schedule") await scheduleOpening(result.drop, deps);
      const own = { drop: result.drop, stock: await drops.stockLevel(dropId) };
      return { content: dropChangedText(own, change) };
    }
  }
}
