import { seededRandom } from "../../local/kit/faults.ts";
import { adaptFirestore } from "../../shared/clients/firestore.ts";
import { isOver, racersOf } from "../../shared/domain/race.ts";
import { createLedger } from "../../shared/store/ledger.ts";
import { toLobby } from "../../shared/store/lobby-document.ts";
import { community } from "../support/cloud.ts";
import { attempt, draw, pickOf } from "./chance.ts";
import { type Evening, letPass, look } from "./race-evening.ts";
import type { Purchase, Sold } from "./race-market.ts";

type Lobby = ReturnType<typeof toLobby>;

/** What somebody finds when they set out to do something, and chance. */
interface Scene {
  readonly evening: Evening;
  readonly lobbies: readonly Lobby[];
  pick<T>(items: readonly T[]): T | undefined;
  /** A whole number from 0 to below the limit. */
  number(limit: number): number;
  /** One of the lobbies in one of these states. */
  lobbyThatIs(...states: Lobby["state"][]): Lobby | undefined;
}

/** One thing that somebody does; it throws when Discord or a shop would not let them. */
type Deed = (scene: Scene) => unknown;

/** Deeds that can happen at the same moment, and how often each is drawn. */
const deeds: readonly (readonly [weight: number, deed: Deed])[] = [
  [3, openLobby],
  [
    16,
    ({ evening, lobbyThatIs, pick }) =>
      press(evening, "join", lobbyThatIs("open", "racing"), pick(evening.crowd)),
  ],
  [6, leave],
  [2, kick],
  [6, start],
  [2, finish],
  [2, goOn],
  [1, ({ evening, lobbyThatIs }) => command(evening, lobbyThatIs("open"), "race cancel")],
  [30, sell],
  [9, refund],
  [4, dispute],
  [4, repeat],
  [8, payOutAtOnce],
  [2, ({ evening, pick }) => use(evening, pick(evening.crowd), "wallet")],
  [
    2,
    ({ evening, lobbyThatIs }) =>
      command(evening, lobbyThatIs("racing", "finished"), "race report"),
  ],
];

const CROWD = 4;
const MOST_LOBBIES = 3;
const SECOND_MS = 1000;
const LEAPS_MINUTES = [1, 5, 25];

/** Hosts open lobbies, everyone presses Join, and the races start; unless something goes wrong. */
export async function openNight(evening: Evening): Promise<void> {
  const { staff, crowd, channels } = evening;
  for (const [index, host] of staff.entries()) {
    const options = { name: "Night race", seats: 3 };
    await attempt(() => use(evening, host, "race lobby", options, channels[index]));
  }
  await letPass(evening, 2);
  const open = (await lobbiesOf(evening)).filter(({ state }) => state === "open");
  await Promise.all(
    crowd.map((racer, index) =>
      attempt(() => press(evening, "join", open[index % open.length], racer)),
    ),
  );
  await letPass(evening, 2);
  await Promise.all(open.map((lobby) => attempt(() => command(evening, lobby, "start"))));
  await letPass(evening, 2);
}

/** One moment of the evening: somebody does something, or some at once, or time passes. */
export async function liveAMoment(evening: Evening, seed: number): Promise<void> {
  const { cloud } = evening;
  const random = seededRandom(seed);
  const lobbies = await lobbiesOf(evening);
  if (random() < 0.06) return letPass(evening, pickOf(LEAPS_MINUTES, random) ?? 1);
  const crowd = random() < 0.7 ? CROWD : 1;
  await Promise.all(
    Array.from({ length: crowd }, () => {
      const deed = draw(deeds, random);
      return attempt(() => deed(sceneOf(evening, lobbies, seededRandom(random() * 2 ** 32))));
    }),
  );
  if (random() < 0.6) await cloud.settle();
  if (random() < 0.5) await cloud.clock.advance(Math.floor(random() * 20) * SECOND_MS);
}

/** Everyone who has enough is paid, several times at the same moment, and sales are taken back. */
export async function payDay(evening: Evening, seed: number): Promise<void> {
  const scene = sceneOf(evening, [], seededRandom(seed));
  const payouts = evening.crowd.map((racer) => () => payAtOnce(scene, racer));
  const others = [refund, dispute, refund, dispute, refund].map((deed) => () => deed(scene));
  await Promise.all([...payouts, ...others].map(attempt));
}

function sceneOf(evening: Evening, lobbies: readonly Lobby[], random: () => number): Scene {
  const pick: Scene["pick"] = (items) => pickOf(items, random);
  return {
    ...{ evening, lobbies, pick },
    number: (limit) => Math.floor(random() * limit),
    lobbyThatIs: (...states) => pick(lobbies.filter(({ state }) => states.includes(state))),
  };
}

async function lobbiesOf({ cloud }: Evening): Promise<Lobby[]> {
  const lobbies = cloud.firestore.collection("lobbies").orderBy("created_at");
  return (await look(() => lobbies.get())).docs.map(toLobby);
}

/** A command in the general channel; gives its id, and does not wait for its answer. */
async function use(
  { cloud }: Evening,
  user = "",
  name = "",
  options: Readonly<Record<string, string | number | boolean>> = {},
  channelId: string = community.generalChannelId,
): Promise<string> {
  const asked = { user, channelId, name, options };
  const endpoint = cloud.url("discord-interactions");
  return (await cloud.discord.client.command(endpoint, asked)).id;
}

/** The host says something of their lobby, by its name. */
function command(
  evening: Evening,
  lobby: Lobby | undefined,
  name: string,
  options: Readonly<Record<string, string>> = {},
): unknown {
  if (!lobby) return undefined;
  return use(evening, lobby.hostId, name, { ...options, lobby: lobby.id }, lobby.channelId);
}

/** Someone presses a button of a lobby's message, whatever it shows by now. */
function press(
  { cloud }: Evening,
  button: string,
  lobby: Lobby | undefined,
  user: string | undefined,
  target: string = lobby?.id ?? "",
): unknown {
  if (!lobby?.messageId || !user) return undefined;
  const data = { custom_id: `race-${button}:${target}`, component_type: 2 };
  const { channelId, messageId: message } = lobby;
  const pressed = { user, channelId, message, type: 3, data };
  return cloud.discord.client.raw(cloud.url("discord-interactions"), pressed);
}

function openLobby({ evening, lobbies, pick, number }: Scene): unknown {
  if (lobbies.filter((lobby) => !isOver(lobby)).length >= MOST_LOBBIES) return undefined;
  const options = { name: "Night race", seats: 1 + number(4) };
  return use(evening, pick(evening.staff), "race lobby", options, pick(evening.channels));
}

/** Someone who races, mostly. */
function leave({ evening, lobbyThatIs, pick }: Scene): unknown {
  const lobby = lobbyThatIs("open", "racing");
  return press(evening, "leave", lobby, pick(lobby ? racersOf(lobby) : []) ?? pick(evening.crowd));
}

function kick({ evening, lobbyThatIs, pick }: Scene): unknown {
  const lobby = lobbyThatIs("racing");
  const racer = pick(lobby ? racersOf(lobby) : []);
  return racer && command(evening, lobby, "race kick", { racer });
}

/** By the command, or by the button, sometimes by both. */
function start({ evening, lobbyThatIs, number }: Scene): unknown {
  const lobby = lobbyThatIs("open");
  const ways = [
    () => command(evening, lobby, "start"),
    () => press(evening, "start", lobby, lobby?.hostId),
  ];
  const chosen = number(3);
  return Promise.all(ways.filter((_, way) => way !== chosen).map((way) => way()));
}

function finish({ evening, lobbyThatIs, number }: Scene): unknown {
  const lobby = lobbyThatIs("racing");
  if (number(2) === 0) return press(evening, "finish", lobby, lobby?.hostId);
  return command(evening, lobby, "finish");
}

function goOn({ evening, lobbyThatIs }: Scene): unknown {
  const lobby = lobbyThatIs("racing");
  const target = `${lobby?.id}-${lobby?.closesAt?.getTime()}`;
  return press(evening, "go-on", lobby, lobby?.hostId, target);
}

/** Mostly now, mostly naming no race; also names that no race has. Some give it back at once. */
function sell({ evening, lobbies, pick, number }: Scene): void {
  const { market } = evening;
  const chance = number(10);
  const named = chance < 3 ? pick(lobbies)?.id : chance < 4 ? "123456" : undefined;
  const purchase: Purchase = {
    items: Array.from({ length: 1 + number(3) }, () => 2 * (1 + number(30_000))),
    ...{ currency: pick(["usd", "usd", "usd", "usd", "eur", "jpy"]) ?? "usd", named },
    ...{ secondsAgo: pick([0, 0, 1, 30, 300]) ?? 0, shipping: 700, tax: number(500) },
  };
  const shops = [market.kofi, market.shopify, market.stripe];
  pick(shops)?.(purchase);
  const sale = market.sold.at(-1);
  if (sale && number(3) === 0) giveBack(evening, sale, 0, 2);
}

function refund({ evening, pick, number }: Scene): void {
  const sale = pick(evening.market.sold.filter(({ provider }) => provider !== "kofi"));
  if (sale) giveBack(evening, sale, number(sale.lines.length), 1 + number(2));
}

/** Pieces of a line, or a part of what was paid; Ko-fi tells of no refunds. */
function giveBack({ market }: Evening, sale: Sold, line: number, pieces: number): void {
  if (sale.provider === "shopify") market.refundPieces(sale, line, pieces);
  if (sale.provider === "stripe") {
    market.refundCharge(sale, [1, 333, 5000, sale.paid][(line + sale.base) % 4] ?? 1);
  }
}

/** Rather one that is disputed already. */
function dispute({ evening, pick }: Scene): void {
  const charged = evening.market.sold.filter(({ chargeId }) => chargeId);
  const known = charged.filter((sale) => sale.dispute);
  const sale: Sold | undefined = pick([...known, ...known, ...charged]);
  if (sale) evening.market.dispute(sale, pick(["won", "lost", "lost"]) ?? "lost");
}

function repeat({ evening, pick }: Scene): unknown {
  const sale = pick(evening.market.sold);
  return sale && evening.market.repeat(sale);
}

async function payOutAtOnce(scene: Scene): Promise<void> {
  const racer = scene.pick(scene.evening.crowd);
  if (racer) await payAtOnce(scene, racer);
}

/** All that is available is asked for more than once at the same moment, in different ways. */
async function payAtOnce({ evening, pick, number }: Scene, racer: string): Promise<void> {
  const { firestore, clock } = evening.cloud;
  const ledger = createLedger(async () => adaptFirestore(firestore));
  const balances = await look(() => ledger.balances(`racer:${racer}`, clock.now()));
  const balance = pick(balances.filter(({ available }) => available >= 2000)) ?? pick(balances);
  const { available = 0, currency = "usd" } = balance ?? {};
  const parts = [available, available, available - 1, Math.ceil(available * 0.6)];
  const methods = ["store-credit", "gift-card", ...(evening.accounts.has(racer) ? ["stripe"] : [])];
  await Promise.all(
    parts.map(async (amount) => {
      const method = pick(methods) ?? "stripe";
      const code = method === "stripe" ? undefined : `CODE-${1_000_000 + number(1_000_000)}`;
      const options = { user: racer, amount: textOf(amount, currency), currency, method };
      const coded = { ...options, ...(code && { code }) };
      await attempt(async () => {
        const id = await use(evening, pick(evening.staff), "payout", coded);
        evening.asked.push({ id, racer, code });
      });
    }),
  );
}

function textOf(amount: number, currency: string): string {
  return currency === "jpy" ? String(amount) : (amount / 100).toFixed(2);
}
