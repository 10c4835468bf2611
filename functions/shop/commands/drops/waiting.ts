import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import type { ValuesOf } from "../../../../shared/discord/definitions/define-command.ts";
import { isHidden } from "../../domain/drop.ts";
import { onTheList, waitingTexts } from "../../messages/waiting.ts";
import { leaveListButton, notifyMeButton } from "../buttons.ts";
import type { ShopDeps } from "../shop-deps.ts";

type WaitingDeps = Pick<ShopDeps, "drops" | "dropWaits" | "clock">;

/**
 * Notify me: puts someone on the list of a drop that is sold out. Idempotency: once for each person and drop; a repeat
 * that comes after their message puts them on the list again, which they can leave.
 */
export const joiningList = /* @__PURE__ */ action(notifyMeButton, join);

async function join(
  { userId }: CommandUse,
  { dropId }: ValuesOf<typeof notifyMeButton>,
  { drops, dropWaits, clock }: WaitingDeps,
): Promise<OutgoingMessage> {
  const drop = await drops.get(dropId);
  if (!drop || isHidden(drop)) return { content: waitingTexts["not-found"] };
  if (drop.builderId === userId) return { content: waitingTexts["own-drop"] };
  if (drop.isClosed) return { content: waitingTexts.closed };
  const { free } = await drops.stockLevel(dropId);
  if (free > 0) return { content: waitingTexts["in-stock"] };
  return onTheList(drop, await dropWaits.add(dropId, userId, clock.now()));
}

/** Don't notify me: takes someone off a drop's list. A repeat finds them off it. */
export const leavingList = /* @__PURE__ */ action(
  leaveListButton,
  async ({ userId }, { dropId }, { dropWaits }: WaitingDeps) => {
    await dropWaits.remove(dropId, userId);
    return { content: waitingTexts.left };
  },
);
