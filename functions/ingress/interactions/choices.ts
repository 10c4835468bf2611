import * as z from "zod/mini";
import { readId } from "../../../shared/documents/outside-id.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import { parseJson } from "../../../shared/runtime/http.ts";
import { payoutCountries } from "../../members/domain/payout-country.ts";
import { seriesKeyOf } from "../../races/domain/series.ts";
import { isOpen, type Order } from "../../shop/domain/order.ts";
import type { Deps } from "../deps.ts";

/** Something as it is offered: what is shown of it holds its id. */
const choice = z.object({ id: z.string(), label: z.string() });
const cachedChoices = z.array(choice);
export type Choice = z.infer<typeof choice>;

/** What choices are read from. */
export type ChoiceDeps = Pick<Deps, "orders" | "drops" | "auctions" | "lobbies" | "redis" | "log">;

/** As long as someone types: every key press asks again. */
const CACHE_SECONDS = 10;

/** Of an order's id, which is that of an interaction or of a claim. */
const MIN_ID_LENGTH = 15;

/** Countries that Stripe opens payout accounts in. */
export async function countryChoices(): Promise<readonly Choice[]> {
  return payoutCountries.map(({ code, name }) => ({ id: code, label: name }));
}

/** What is typed so far, by whom. */
interface Asked {
  readonly isStaff: boolean;
  readonly sought: string;
}

/** A builder's orders that want work: the newest hundred, and whichever one's number is typed. */
export async function openOrderChoices(
  userId: string,
  deps: ChoiceDeps,
  { sought }: Asked,
): Promise<readonly Choice[]> {
  const listed = await cached(`order-choices:${userId}`, deps, async () =>
    (await deps.orders.openOf(userId)).map(orderChoice),
  );
  return withSought(listed, sought, deps, (order) => order.builderId === userId && isOpen(order));
}

/** A builder's paid orders, newest first: a hundred, and whichever one's number is typed. */
export async function soldOrderChoices(
  userId: string,
  deps: ChoiceDeps,
  { sought }: Asked,
): Promise<readonly Choice[]> {
  const listed = await cached(`sold-choices:${userId}`, deps, async () =>
    (await deps.orders.soldBy(userId)).map(orderChoice),
  );
  const isTheirs = ({ builderId, payment }: Order) =>
    builderId === userId && payment?.paidAt !== undefined;
  return withSought(listed, sought, deps, isTheirs);
}

/** The order whose whole number is typed comes first, though the list is too long for it. */
async function withSought(
  listed: readonly Choice[],
  sought: string,
  { orders }: ChoiceDeps,
  isOffered: (order: Order) => boolean,
): Promise<readonly Choice[]> {
  const id = readId(sought);
  if (id === undefined || id.length < MIN_ID_LENGTH || listed.some((each) => each.id === id)) {
    return listed;
  }
  const order = await orders.get(id);
  return order && isOffered(order) ? [orderChoice(order), ...listed] : listed;
}

/** A builder's drops, newest first. */
export function dropChoices(userId: string, deps: ChoiceDeps): Promise<readonly Choice[]> {
  return cached(`drop-choices:${userId}`, deps, async () =>
    (await deps.drops.ofBuilder(userId)).map(({ id, title, price, currency, isClosed }) => ({
      id,
      label: [title, formatMoney(price, currency), isClosed ? "closed" : "open"].join(" · "),
    })),
  );
}

/** A builder's auctions, newest first; the staff's choices are everyone's. */
export function auctionChoices(
  userId: string,
  deps: ChoiceDeps,
  { isStaff }: Asked,
): Promise<readonly Choice[]> {
  const load = () => (isStaff ? deps.auctions.newest() : deps.auctions.ofBuilder(userId));
  return cached(`auction-choices:${isStaff ? "staff" : userId}`, deps, async () => {
    const broken = await deps.auctions.unreadableOpen(isStaff ? undefined : userId);
    return [
      ...broken.map(({ id, title = id }) => ({ id, label: `${title} · can't be read: cancel it` })),
      ...(await load()).map(({ id, title, state }) => ({ id, label: `${title} · ${state}` })),
    ];
  });
}

/** A host's lobbies, newest first. */
export function lobbyChoices(userId: string, deps: ChoiceDeps): Promise<readonly Choice[]> {
  return cached(`lobby-choices:${userId}`, deps, async () =>
    (await deps.lobbies.ofHost(userId)).map(({ id, name, state }) => ({
      id,
      label: [name, state].join(" · "),
    })),
  );
}

/** The series of a host's last races, the newest first. */
export function seriesChoices(userId: string, deps: ChoiceDeps): Promise<readonly Choice[]> {
  return cached(`series-choices:${userId}`, deps, async () => {
    const names = (await deps.lobbies.ofHost(userId)).flatMap(({ series }) => series ?? []);
    const byKey = new Map(names.toReversed().map((name) => [seriesKeyOf(name), name]));
    return [...byKey.values()].toReversed().map((name) => ({ id: name, label: name }));
  });
}

/**
 * Choices from Redis while someone types and from Firestore else. They may be ten seconds old, which
 * autocomplete bears: the command itself is always checked. Trouble with either is logged and gives
 * what is left, at worst an empty list.
 */
async function cached(
  key: string,
  { redis, log }: Pick<Deps, "redis" | "log">,
  load: () => Promise<readonly Choice[]>,
): Promise<readonly Choice[]> {
  const quietly = <T>(work: Promise<T>): Promise<T | undefined> =>
    work.catch((error: unknown) => {
      log.warn("Autocomplete does without a service", {
        error: error instanceof Error ? error.name : "unknown",
      });
      return undefined;
    });

  const kept = await quietly(redis().then((client) => client.get<string>(key)));
  const known = cachedChoices.safeParse(parseJson(Buffer.from(kept ?? "")));
  if (known.success) return known.data;
  const choices = await quietly(load());
  if (!choices) return [];
  await quietly(
    redis().then((client) => client.set(key, JSON.stringify(choices), { ex: CACHE_SECONDS })),
  );
  return choices;
}

function orderChoice(order: Order): Choice {
  const label = [order.id, order.title, order.fulfillmentStatus].filter(Boolean).join(" · ");
  return { id: order.id, label };
}
