import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import { action, type CommandUse } from "../../../shared/discord/command-action.ts";
import { defineCommand, type ValuesOf } from "../../../shared/discord/define-command.ts";
import { flag, integer, text } from "../../../shared/discord/options.ts";
import { readId } from "../../../shared/documents/outside-id.ts";
import { builderWords, standingRefusal } from "../../members/messages/access.ts";
import { MAX_STOCK, readPrice } from "../domain/drop.ts";
import { scheduleBoard } from "../drops/drop-board.ts";
import { dropChangedText, dropList, dropRefusalTexts } from "../messages/drops.ts";
import type { DropChange } from "../store/drops.ts";
import type { ShopDeps } from "./shop-deps.ts";

type DropsDeps = Pick<
  ShopDeps,
  "drops" | "builders" | "config" | "redis" | "tasks" | "clock" | "log"
>;

/** As many as a list shows. */
const MAX_LISTED = 15;

/** `/c500 drops`. */
export const dropsCommand = defineCommand({
  words: "c500 drops",
  description: "Your drops: look at them, close one, restock it, change its price",
  options: {
    drop: text("The drop to change", { maxLength: 100, suggest: "drops" }),
    close: flag("Take it off sale"),
    restock: integer("How many units to add", { min: 1, max: MAX_STOCK }),
    price: text("Its new price, such as 12.50; open checkouts keep theirs", { maxLength: 20 }),
  },
  who: "owner",
  answeredBy: "shop",
});

type DropsOptions = ValuesOf<typeof dropsCommand>;

/**
 * Shows the builder's list, or makes one change of one drop, once by the command's id. Only an approved builder may
 * put more on sale; anyone may close what is theirs.
 */
export const changingDrops = /* @__PURE__ */ action(dropsCommand, {
  run: changeDrops,
  isBegun: async ({ id }, { drop }, { drops }: Pick<DropsDeps, "drops">) => {
    const dropId = readId(drop);
    return dropId !== undefined && drops.hasApplied(dropId, id);
  },
});

async function changeDrops(
  { id, userId }: CommandUse,
  options: DropsOptions,
  deps: DropsDeps,
): Promise<OutgoingMessage> {
  const changes = changesIn(options, deps.config.SHOP_CURRENCY);
  const dropId = options.drop;
  if (dropId === undefined) {
    return changes.length > 0
      ? { content: dropRefusalTexts["which-drop"] }
      : listDrops(userId, deps);
  }
  const [change] = changes;
  if (!change) return { content: dropRefusalTexts["nothing-to-do"] };
  if (changes.length > 1) return { content: dropRefusalTexts["several-changes"] };
  if (typeof change === "string") return { content: change };
  const named = readId(dropId);
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

/** The changes that were asked for; a sentence where one cannot be read. */
function changesIn(
  { close, restock, price: typed }: DropsOptions,
  currency: string,
): readonly (DropChange | string)[] {
  const changes: (DropChange | string)[] = [];
  if (close) changes.push({ kind: "close" });
  if (restock !== undefined) changes.push({ kind: "restock", quantity: restock });
  if (typed !== undefined) {
    const price = readPrice(typed, currency);
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
