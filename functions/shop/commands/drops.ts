import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import { readId } from "../../../shared/documents/outside-id.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { builderWords, standingRefusal } from "../../members/messages/access.ts";
import { readPrice } from "../domain/drop.ts";
import { scheduleBoard } from "../drops/drop-board.ts";
import { dropChangedText, dropList, dropRefusalTexts } from "../messages/drops.ts";
import type { DropChange } from "../store/drops.ts";
import type { ShopDeps } from "./shop-deps.ts";

type DropsDeps = Pick<
  ShopDeps,
  "drops" | "builders" | "config" | "redis" | "tasks" | "clock" | "log"
>;

/** A list shows so many. */
const MAX_LISTED = 15;

/**
 * `/c500 drops`: the builder's list, or one change of one drop, made once by the command's id. Only an
 * approved builder may put more on sale; anyone may close what is theirs.
 */
export async function changeDrops(
  { id, userId, options }: DiscordCommand,
  deps: DropsDeps,
): Promise<OutgoingMessage> {
  const changes = changesIn(options, deps.config.SHOP_CURRENCY);
  const dropId = options["drop"];
  if (dropId === undefined) {
    return changes.length > 0
      ? { content: dropRefusalTexts["which-drop"] }
      : listDrops(userId, deps);
  }
  const [change] = changes;
  if (!change) return { content: dropRefusalTexts["nothing-to-do"] };
  if (changes.length > 1) return { content: dropRefusalTexts["several-changes"] };
  if (typeof change === "string") return { content: change };
  const named = dropIdIn(options);
  if (named === undefined) return { content: dropRefusalTexts["not-found"] };
  const refusal =
    change.kind === "close"
      ? undefined
      : standingRefusal(await deps.builders.standing(userId), builderWords);
  if (refusal !== undefined && !(await deps.drops.hasApplied(named, id))) {
    return { content: refusal };
  }

  const result = await deps.drops.change(named, userId, change, id);
  if (result.outcome === "not-found") return { content: dropRefusalTexts["not-found"] };
  if (result.outcome === "too-many") {
    return { content: `There is room for ${result.room} more units in that drop.` };
  }
  await scheduleBoard(result.drop.id, deps);
  return { content: dropChangedText(result.drop, change) };
}

/** The id of the drop that a command names, if it names one. */
export function dropIdIn(options: DiscordCommand["options"]): string | undefined {
  return readId(options["drop"]);
}

/** The changes that were asked for; a sentence where one cannot be read. */
function changesIn(
  options: DiscordCommand["options"],
  currency: string,
): readonly (DropChange | string)[] {
  const changes: (DropChange | string)[] = [];
  if (options["close"] === true) changes.push({ kind: "close" });
  if (options["restock"] !== undefined) {
    changes.push({ kind: "restock", quantity: Number(options["restock"]) });
  }
  if (options["price"] !== undefined) {
    const price = readPrice(String(options["price"]), currency);
    changes.push(typeof price === "string" ? price : { kind: "price", price });
  }
  return changes;
}

async function listDrops(
  userId: string,
  { drops }: Pick<DropsDeps, "drops">,
): Promise<OutgoingMessage> {
  const theirs = (await drops.ofBuilder(userId)).slice(0, MAX_LISTED);
  const views = theirs.map(async (drop) => ({ drop, stock: await drops.stockLevel(drop.id) }));
  return dropList(await Promise.all(views));
}
