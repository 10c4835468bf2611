import { connectPublisher } from "../../shared/clients/pubsub.ts";
import { racerAccount } from "../../shared/domain/ledger.ts";
import { join } from "../../shared/domain/race.ts";
import {
  type SaleMade,
  type SaleRefunded,
  saleMade,
  saleRefunded,
} from "../../shared/events/sale.ts";
import { createLedger } from "../../shared/store/ledger.ts";
import { createLobbies } from "../../shared/store/lobbies.ts";
import type { TestCloud } from "./cloud.ts";

const PUBLISH_DEADLINE_MS = 10_000;
export const DAY_MS = 24 * 3_600_000;

/** Races and the sales in them, as they come from outside. */
export function earnings(cloud: TestCloud) {
  const { firestore, clock } = cloud;
  const database = async () => firestore;
  const lobbies = createLobbies(database);
  const ledger = createLedger(database);
  const config = { GOOGLE_CLOUD_PROJECT: cloud.settings["GOOGLE_CLOUD_PROJECT"] ?? "" };
  const publisher = connectPublisher(config, PUBLISH_DEADLINE_MS);
  let next = 1;

  const publish = async (event: Omit<SaleMade, "id" | "provider"> & { number: number }) => {
    const { number, ...sale } = event;
    const id = `kofi:txn-${number}`;
    await publisher.publish(saleMade, { ...sale, id, provider: "kofi" });
    await cloud.settle();
    return id;
  };

  const earnings = {
    /** A race that is on, with these people in it, whose pool is all of each sale. */
    async race(racerIds: readonly string[], name = `Race ${next}`): Promise<string> {
      const id = `lobby-${next++}`;
      const createdAt = new Date(clock.nowMs());
      await lobbies.create({
        ...{ id, name, hostId: "1", channelId: "1", seats: 8, rateBps: 10_000 },
        ...{ createdAt, potKey: id },
      } as Parameters<typeof lobbies.create>[0]);
      for (const racerId of racerIds) {
        await lobbies.changeRoster(id, createdAt, (lobby, at) => join(lobby, racerId, at).roster);
      }
      await lobbies.start(id, createdAt, 3_600_000);
      await clock.advance(1000);
      return id;
    },

    /** A sale in a race; its id. */
    sell(lobbyId: string, base: number, currency = "usd"): Promise<string> {
      const soldAtMs = clock.nowMs();
      return publish({ number: next++, base, currency, soldAtMs, lobbyId, title: "A keycap" });
    },

    /** A part of a sale goes back. */
    async refund(saleId: string, amount: number, currency = "usd"): Promise<void> {
      const refundId = `refund-${next++}`;
      const event: SaleRefunded = {
        ...{ id: `${saleId}/${refundId}`, saleId, refundId, amount, currency },
      };
      await publisher.publish(saleRefunded, event);
      await cloud.settle();
    },

    /** Lets what was sold until now become available. */
    async release(): Promise<void> {
      await clock.advance(7 * DAY_MS + 1000);
      await cloud.settle();
    },

    /** Someone who has this much available. */
    async earner(racerId: string, amount: number, currency = "usd"): Promise<string> {
      const lobbyId = await earnings.race([racerId]);
      const saleId = await earnings.sell(lobbyId, amount, currency);
      await lobbies.finish(lobbyId, new Date(clock.nowMs()));
      await earnings.release();
      return saleId;
    },

    balances: (racerId: string) => ledger.balances(racerAccount(racerId), new Date(clock.nowMs())),
  };
  return earnings;
}
