import { join } from "../../../functions/races/domain/race.ts";
import { createLobbies } from "../../../functions/races/store/lobbies/lobbies.ts";
import { createSales } from "../../../functions/races/store/sales/sales.ts";
import { racerAccount } from "../../../shared/money/ledger.ts";
import { createLedger } from "../../../shared/money/ledger-store.ts";
import type { TestCloud } from "../cloud.ts";

const DAYS_A_MINUTE = 1 / (24 * 60);

/** Races and their sales, booked as the functions book them. */
export function earnings({ firestore, clock }: Pick<TestCloud, "firestore" | "clock">) {
  const database = async () => firestore;
  const [lobbies, sales, ledger] = [
    createLobbies(database),
    createSales(database),
    createLedger(database),
  ];
  const now = () => new Date(Math.floor(clock.nowMs()));
  let next = 1;

  const earnings = {
    /** A running race with these people, whose pool is the whole of each sale. */
    async race(racerIds: readonly string[], name = `Race ${next}`): Promise<string> {
      const id = `lobby-${next++}`;
      await lobbies.create({
        id,
        name,
        hostId: id,
        channelId: "1",
        seats: 8,
        rateBps: 10_000,
        createdAt: now(),
        potKey: id,
      });
      for (const racerId of racerIds) {
        await lobbies.changeRoster(id, now(), (lobby, at) => join(lobby, racerId, at).roster);
      }
      await lobbies.start(id, now(), 3_600_000);
      await clock.advance(1000);
      return id;
    },

    /** Books a sale in a race, whose shares become available after some minutes; returns its id. */
    async sell(
      lobbyId: string,
      base: number,
      { currency = "usd", heldMinutes = 0, soldAt = now() } = {},
    ): Promise<string> {
      const id = `kofi:txn-${next++}`;
      const sale = { id, provider: "kofi" as const, base, currency, soldAt, lobbyId };
      const holdDays = heldMinutes * DAYS_A_MINUTE;
      await sales.book({ ...sale, title: "A keycap" }, { holdDays, now: now() });
      return id;
    },

    /** Books a sale under a provider's id, as if it had been reported. */
    async book(sale: { id: string; base: number; soldAt: Date; lobbyId: string }): Promise<void> {
      const provider = "stripe" as const;
      const booked = { ...sale, provider, currency: "usd", title: "A keycap" };
      await sales.book(booked, { holdDays: 0, now: now() });
    },

    /** Refunds a part of a sale. */
    async refund(saleId: string, amount: number, currency = "usd"): Promise<void> {
      await sales.refund({ saleId, id: `refund-${next++}`, amount, currency }, now());
    },

    /** Makes this much available to someone through one sale; returns its id. */
    async earner(racerId: string, amount: number, currency = "usd"): Promise<string> {
      const lobbyId = await earnings.race([racerId]);
      const saleId = await earnings.sell(lobbyId, amount, { currency });
      await lobbies.finish(lobbyId);
      return saleId;
    },

    balances: (racerId: string) => ledger.balances(racerAccount(racerId), now()),
  };
  return earnings;
}
