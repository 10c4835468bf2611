import { join, leave } from "../../../functions/races/domain/race.ts";
import type { BookedSale, Sale } from "../../../functions/races/domain/sale.ts";
import { createLobbies } from "../../../functions/races/store/lobbies/lobbies.ts";
import type { NewLobby } from "../../../functions/races/store/lobbies/new-lobbies.ts";
import { createSales } from "../../../functions/races/store/sales/sales.ts";
import type { LocalClock } from "../../../local/kit/clock.ts";
import type { Firestore } from "../../../shared/ports/database.ts";

const HOLD_DAYS = 7;
const WINDOW_MS = 3_600_000;

/** A lobby, as tests use it. */
export interface Race {
  readonly id: string;
  readonly potKey: string;
}

export type Pots = ReturnType<typeof pots>;

/** Lobbies with their racers and sales, created through the stores. */
export function pots(firestore: Firestore, clock: LocalClock) {
  const database = async () => firestore;
  const [lobbies, sales] = [createLobbies(database), createSales(database)];
  let next = 1;

  const start = ({ id }: Race) => lobbies.start(id, clock.now(), WINDOW_MS);

  const comes = ({ id }: Race, racerId: string, name?: string) =>
    lobbies.changeRoster(id, clock.now(), (roster, at) => join(roster, racerId, at, name).roster);

  return {
    lobbies,
    start,
    comes,
    goes: ({ id }: Race, racerId: string) =>
      lobbies.changeRoster(id, clock.now(), (roster, at) => leave(roster, racerId, at).roster),
    finish: ({ id }: Race) => lobbies.finish(id),
    cancel: ({ id }: Race) => lobbies.cancel(id, clock.now()),

    /** Replaces the key of the host's overlay. */
    async replacePotKey({ id }: Race, potKey: string): Promise<void> {
      const { hostId = "" } = (await lobbies.get(id)) ?? {};
      await lobbies.replacePotKey(hostId, { potKey, causeId: "1600000000000000001" });
    },

    /** A lobby with named racers, whose ids are 3000…1 and so on; not yet started. */
    async lobby(
      name: string,
      racers: readonly string[],
      { seats = 4, ...fields }: Partial<NewLobby> = {},
    ): Promise<Race> {
      const number = next++;
      const race = {
        id: `15000000000000000${number}`,
        potKey: `key-of-the-pot-${number}-0123456789`,
      };
      await lobbies.create({
        ...race,
        name,
        seats,
        hostId: `20000000000000000${number}`,
        channelId: "100000000000000001",
        rateBps: 2_000,
        createdAt: clock.now(),
        ...fields,
      });
      for (const [index, racer] of racers.entries()) {
        await comes(race, `30000000000000000${index + 1}`, racer);
      }
      return race;
    },

    /** Starts the lobby's race. */
    async race(
      name: string,
      racers: readonly string[],
      fields: Partial<NewLobby> = {},
    ): Promise<Race> {
      const race = await this.lobby(name, racers, fields);
      await start(race);
      return race;
    },

    /** Books a sale of $20.00 a second later, by default shared by every open race. */
    async sell(fields: Partial<Sale> = {}): Promise<BookedSale> {
      await clock.advance(1000);
      const sale = {
        id: `kofi:${next++}`,
        provider: "kofi" as const,
        base: 2_000,
        currency: "usd",
        soldAt: clock.now(),
        lobbyId: undefined,
        title: "C500 shirt",
        ...fields,
      };
      return sales.book(sale, { holdDays: HOLD_DAYS, now: clock.now() });
    },

    refund: (saleId: string, amount: number) =>
      sales.refund({ saleId, id: `refund-${next++}`, amount, currency: "usd" }, clock.now()),
  };
}
