import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  type ValuesOf,
} from "../../../../shared/discord/definitions/define-command.ts";
import { flag, integer, text } from "../../../../shared/discord/definitions/options.ts";
import { snowflakeTimeMs } from "../../../../shared/discord/snowflake.ts";
import { readId } from "../../../../shared/documents/outside-id.ts";
import { isHidden, MAX_LIMIT_PER_BUYER, MAX_STOCK, readPrice } from "../../domain/drop.ts";
import type { DropChange } from "../../domain/drop-change.ts";
import { readOpeningTime } from "../../domain/opening-time.ts";
import { changeOwnDrop } from "../../drops/change-drop.ts";
import { dropRefusalTexts } from "../../messages/drop-refusals.ts";
import { draftPanel, dropList, dropPanel } from "../../messages/own-drops.ts";
import type { ShopDeps } from "../shop-deps.ts";
import { OPENS_DESCRIPTION } from "./drop-form.ts";

type DropsDeps = Pick<
  ShopDeps,
  "drops" | "builders" | "config" | "redis" | "tasks" | "clock" | "log"
>;

/** As many as a list shows. */
const MAX_LISTED = 15;

/** `/c500 drops`. */
export const dropsCommand = defineCommand({
  words: "c500 drops",
  description: "Your drops: look at them, edit one, close, reopen, restock or reprice it",
  options: {
    drop: text("The drop; alone it shows its control panel", { maxLength: 100, suggest: "drops" }),
    close: flag("Take it off sale"),
    restock: integer("How many units to add", { min: 1, max: MAX_STOCK }),
    price: text("Its new price, such as 12.50; open checkouts keep theirs", { maxLength: 20 }),
    reopen: flag("Put it on sale again"),
    limit: integer("How many one buyer may have in all, from now on", {
      min: 1,
      max: MAX_LIMIT_PER_BUYER,
    }),
    opens: text(OPENS_DESCRIPTION, { maxLength: 60 }),
  },
  who: "owner",
  answeredBy: "shop",
});

type DropsOptions = ValuesOf<typeof dropsCommand>;

/**
 * Shows the builder's list or one drop's control panel, or makes one change of one drop, once by the command's id.
 */
export const changingDrops = /* @__PURE__ */ action(dropsCommand, {
  run: changeDrops,
  isBegun: async ({ id }, { drop }, { drops }: Pick<DropsDeps, "drops">) => {
    const dropId = readId(drop);
    return dropId !== undefined && drops.hasApplied(dropId, id);
  },
});

async function changeDrops(
  use: CommandUse,
  options: DropsOptions,
  deps: DropsDeps,
): Promise<OutgoingMessage> {
  const { drop: named, ...asked } = options;
  if (named === undefined) {
    return Object.values(asked).some((value) => value !== undefined && value !== false)
      ? { content: dropRefusalTexts["which-drop"] }
      : listDrops(use.userId, deps);
  }
  const dropId = readId(named);
  const drop = dropId === undefined ? undefined : await deps.drops.get(dropId);
  if (dropId === undefined || drop?.builderId !== use.userId) {
    return { content: dropRefusalTexts["not-found"] };
  }
  // A drop keeps its currency even if the shop has changed its own.
  const changes = changesIn(asked, new Date(snowflakeTimeMs(use.id)), drop.currency);
  const [change] = changes;
  if (!change) return showPanel(dropId, use.userId, deps);
  if (changes.length > 1) return { content: dropRefusalTexts["several-changes"] };
  if (typeof change === "string") return { content: change };
  return changeOwnDrop({ use, dropId, change }, deps);
}

/** The changes that were asked for; a sentence where one cannot be read. */
function changesIn(
  { close, reopen, restock, price: typed, limit: limitPerBuyer, opens }: Omit<DropsOptions, "drop">,
  now: Date,
  currency: string,
): readonly (DropChange | string)[] {
  const changes: (DropChange | string)[] = [];
  if (close) changes.push({ kind: "close" });
  if (reopen) changes.push({ kind: "reopen" });
  if (restock !== undefined) changes.push({ kind: "restock", quantity: restock });
  if (typed !== undefined) {
    const price = readPrice(typed, currency);
    changes.push(typeof price === "string" ? price : { kind: "price", price });
  }
  if (limitPerBuyer !== undefined) changes.push({ kind: "limit", limitPerBuyer });
  if (opens !== undefined) {
    const opensAt = readOpeningTime(opens, now);
    changes.push(typeof opensAt === "string" ? opensAt : { kind: "schedule", opensAt });
  }
  return changes;
}

async function showPanel(
  dropId: string,
  userId: string,
  { drops, builders, config }: Pick<DropsDeps, "drops" | "builders" | "config">,
): Promise<OutgoingMessage> {
  const drop = await drops.get(dropId);
  if (drop?.builderId !== userId || drop.draftState === "discarded") {
    return { content: dropRefusalTexts["not-found"] };
  }
  const [stock, builder] = await Promise.all([drops.stockLevel(dropId), builders.get(userId)]);
  const view = { drop, stock, builder };
  return isHidden(drop) ? draftPanel(view) : dropPanel(view, config.DISCORD_GUILD_ID);
}

async function listDrops(
  userId: string,
  { drops }: Pick<DropsDeps, "drops">,
): Promise<OutgoingMessage> {
  const theirs = (await drops.ofBuilder(userId)).slice(0, MAX_LISTED);
  const views = theirs.map(async (drop) => ({ drop, stock: await drops.stockLevel(drop.id) }));
  return dropList(await Promise.all(views));
}
