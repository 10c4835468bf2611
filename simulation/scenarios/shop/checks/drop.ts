import { community } from "../../../../local/cloud/community.ts";
import type { DocumentSnapshot } from "../../../../shared/ports/database.ts";
import { mustEqual, mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import { marketOf } from "../market.ts";
import { type StoredOrder, storedRefunds } from "./books.ts";

/** Allows for clock differences between instances. */
const TOLERANCE_MS = 2_000;

/** I6 of docs/invariants.md: a closed drop sells nothing. */
export function checkClosed(
  stage: Stage,
  drop: DocumentSnapshot,
  orders: readonly StoredOrder[],
): void {
  const { closed } = marketOf(stage);
  const changes = JSON.stringify(drop.get("applied_ids") ?? []);
  const since = closed.get(drop.id);
  if (since?.changes === changes) {
    const late = orders.find(({ createdAtMs }) => createdAtMs > since.atMs + TOLERANCE_MS);
    mustHold("I6", !late, () => `order ${late?.id} is of drop ${drop.id}, which was closed`);
    return;
  }
  closed.delete(drop.id);
  if (drop.get("is_closed") === true)
    closed.set(drop.id, { changes, atMs: stage.cloud.clock.nowMs() });
}

/**
 * I7 of docs/invariants.md: the units of a refunded order are for sale again exactly when that was
 * requested.
 */
export async function checkRestocks(stage: Stage, orders: readonly StoredOrder[]): Promise<void> {
  const sold = orders.filter(
    ({ isPaid, isWon, status }) => isPaid && !isWon && status === "refunded",
  );
  for (const { id, dropId, units } of sold) {
    // Includes a decided refund whose money was returned in another way.
    const done = (await storedRefunds(stage, id)).filter(({ state }) => state !== "requested");
    const all = stage.database.collection(`inventory/${dropId}/units`);
    const kept = (await all.where("order_id", "==", id).get()).docs.length;
    const wanted = new Set(done.map(({ restock }) => restock));
    // With several refunds, whichever completes last decides.
    if (wanted.size > 1) continue;
    const due = wanted.has(true) ? 0 : units.length;
    mustEqual("I7", `how many units order ${id} keeps`, kept, due);
  }
}

/** N3 of docs/invariants.md: in the end each post shows its drop's state. */
export async function checkPosts(stage: Stage): Promise<void> {
  const { drops, isMarketplaceTouched } = marketOf(stage);
  // Posts that the bot could not edit or staff have deleted are not checked.
  if (isMarketplaceTouched) return;
  for (const dropId of drops) {
    const drop = await stage.database.collection("inventory").doc(dropId).get();
    const units = (await stage.database.collection(`inventory/${dropId}/units`).get()).docs;
    const count = (state: string) => units.filter((unit) => unit.get("state") === state).length;
    const soldOut = count("reserved") > 0 ? "Sold out for now" : "Sold out";
    const open = count("free") > 0 ? `${count("free")} of ${units.length}` : soldOut;
    const due = drop.get("is_closed") === true ? "Closed" : open;
    const price = `$${(Number(drop.get("price")) / 100).toFixed(2)}`;
    const shown = shownOf(stage, dropId);
    mustEqual("N3", `the post of drop ${dropId}`, shown, [drop.get("title"), due, price]);
  }
}

/** I9 of docs/invariants.md: nobody but its builder sees a draft, and nothing of it is reserved. */
export async function checkDrafts(stage: Stage, orders: readonly StoredOrder[]): Promise<void> {
  for (const id of marketOf(stage).drafts) {
    const drop = await stage.database.collection("inventory").doc(id).get();
    const isHidden = ["draft", "discarded"].includes(String(drop.get("draft_state")));
    if (!isHidden) continue;
    const taken = orders.find(({ dropId }) => dropId === id);
    mustHold("I9", !taken, () => `order ${taken?.id} is of draft ${id}`);
    mustHold("I9", postsOf(stage, id).length === 0, () => `draft ${id} is posted`);
  }
}

/** I9 of docs/invariants.md: a draft that is due is posted once, and no draft waits beyond its time. */
export async function checkOpenings(stage: Stage): Promise<void> {
  const { drafts, isMarketplaceTouched } = marketOf(stage);
  if (isMarketplaceTouched) return;
  for (const id of drafts) {
    const drop = await stage.database.collection("inventory").doc(id).get();
    if (!drop.exists) continue;
    const opensAt = drop.get("opens_at") as { toMillis(): number } | null | undefined;
    const isLate = (opensAt?.toMillis() ?? Infinity) < stage.cloud.clock.nowMs() - LATE_MS;
    mustHold("I9", !isLate, () => `draft ${id} is due since ${opensAt?.toMillis()}`);
    const isHidden = ["draft", "discarded"].includes(String(drop.get("draft_state")));
    mustEqual("I9", `the posts of drop ${id}`, postsOf(stage, id).length, isHidden ? 0 : 1);
  }
}

const LATE_MS = 30 * 60_000;

function postsOf({ discord }: Stage, dropId: string) {
  const posts = discord.messages(community.marketplaceChannelId);
  return posts.filter(({ components }) => JSON.stringify(components).includes(dropId));
}

function shownOf({ discord }: Stage, dropId: string): readonly (string | undefined)[] {
  const post = discord
    .messages(community.marketplaceChannelId)
    .find(({ components }) => JSON.stringify(components).includes(dropId));
  const [embed] = (post?.embeds ?? []) as readonly {
    readonly title?: string;
    readonly fields?: readonly { readonly name: string; readonly value: string }[];
  }[];
  const readField = (name: string) => embed?.fields?.find((field) => field.name === name)?.value;
  return [embed?.title, readField("Units left"), readField("Price")];
}

/** I9 of docs/invariants.md: in the end each drop with a time has one event, and no other drop that is not on sale has any. */
export async function checkEvents(stage: Stage): Promise<void> {
  const { drops, drafts } = marketOf(stage);
  const events = stage.discord.serverEvents(community.guildId);
  const nowMs = stage.cloud.clock.nowMs();
  for (const id of new Set([...drops, ...drafts])) {
    const drop = await stage.database.collection("inventory").doc(id).get();
    const opensAt = drop.get("opens_at") as { toMillis(): number } | null | undefined;
    const isUpcoming = drop.get("draft_state") === "draft" && (opensAt?.toMillis() ?? 0) > nowMs;
    const isOver = drop.get("is_closed") === true && !opensAt;
    const own = events.filter(
      ({ location }) => location.endsWith(`drop=${id}`) || location.endsWith(`/drop/${id}`),
    );
    const due = isUpcoming ? 1 : isOver ? 0 : Math.min(own.length, 1);
    mustEqual("I9", `the events of drop ${id}`, own.length, due);
  }
}
