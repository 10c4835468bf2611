import { existsSync, globSync, readFileSync } from "node:fs";
import { type DocumentSnapshot, Firestore } from "@google-cloud/firestore";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { toAuction } from "../../functions/auctions/store/auction-document.ts";
import { countedWins } from "../../functions/auctions/store/bidding-bars/unpaid-wins.ts";
import { createBids } from "../../functions/auctions/store/bids/bids.ts";
import { documentDefinitions } from "../../functions/documents.ts";
import { createGoLives } from "../../functions/going-live/store/go-lives.ts";
import { createBuilders } from "../../functions/members/store/builders.ts";
import { createHosts } from "../../functions/members/store/hosts.ts";
import { createSignIns } from "../../functions/members/store/sign-ins.ts";
import { readChange } from "../../functions/members/store/standing.ts";
import { wasDecidedAgainst } from "../../functions/members/store/standing-tombstones.ts";
import { createDeadLetters } from "../../functions/operations/store/dead-letters.ts";
import { createForgettings } from "../../functions/privacy/store/forgettings.ts";
import { toLobby } from "../../functions/races/store/lobbies/lobby-document.ts";
import { toPayout } from "../../functions/races/store/payouts/payout-document.ts";
import { createPayouts } from "../../functions/races/store/payouts/payouts.ts";
import { createRaceCommands } from "../../functions/races/store/race-commands.ts";
import { createSaleDisputes } from "../../functions/races/store/sales/sale-disputes.ts";
import { toSale } from "../../functions/races/store/sales/sale-document.ts";
import { createSales } from "../../functions/races/store/sales/sales.ts";
import { caseDocument } from "../../functions/shipping/documents/case.ts";
import { deadlineDocument } from "../../functions/shipping/documents/deadline.ts";
import { parcelDocument } from "../../functions/shipping/documents/parcel.ts";
import { createBuildersTerms } from "../../functions/shipping/store/shipping-terms.ts";
import { dropDocument } from "../../functions/shop/documents/drop.ts";
import { dropWaitDocument } from "../../functions/shop/documents/drop-wait.ts";
import { orderDocument } from "../../functions/shop/documents/order.ts";
import { createDrops } from "../../functions/shop/store/drops.ts";
import { createDebts } from "../../functions/shop/store/refunds/debts.ts";
import { createRefunds } from "../../functions/shop/store/refunds/refunds.ts";
import { orderIdsOf } from "../../functions/shop/store/reservations.ts";
import { createTombstones } from "../../functions/shop/store/tombstones.ts";
import { indexDefinitions } from "../../local/cloud/wiring.ts";
import { type FirestoreEmulator, startFirestore } from "../../local/google/firestore/index.ts";
import { LocalClock } from "../../local/kit/clock.ts";
import { exportVariables } from "../../local/kit/environment.ts";
import { FaultPlan } from "../../local/kit/faults.ts";
import { adaptFirestore } from "../../shared/clients/firestore.ts";
import { createUsers } from "../../shared/discord/users.ts";
import { defineDocument } from "../../shared/documents/define-document.ts";
import { text } from "../../shared/documents/fields.ts";
import { createSentMessages } from "../../shared/documents/sent-messages.ts";
import { createSweeps } from "../../shared/documents/sweeps.ts";
import type { EventDefinition, TaskDefinition } from "../../shared/events/define-event.ts";
import { fromWire } from "../../shared/events/wire.ts";
import { toPosting, toTransaction } from "../../shared/money/ledger-entries.ts";
import { type Example, fromJson, versionOf } from "../../tools/record/examples.ts";

/** Examples of what was sent and stored, by `./dev record`. */
const FOLDER = "test/recorded";
const LONG_AGO = new Date(0);
const FAR_OFF = new Date("2100-01-01");

const versionsUpTo = (version: number) => Array.from({ length: version }, (_, index) => index + 1);

/** The examples of one version; undefined when there are none. */
function recorded(kind: string, name: string, version: number): Example[] | undefined {
  const file = `${FOLDER}/${kind}/${name}.v${version}.json`;
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

type Definition = EventDefinition | TaskDefinition;
const isDefinition = (value: unknown): value is Definition =>
  typeof value === "object" && value !== null && "schema" in value && "upgrades" in value;

const modules = await Promise.all(
  globSync(["shared/events/*.ts", "functions/*/events/*.ts"]).map(
    (file): Promise<Record<string, unknown>> => import(`../../${file}`),
  ),
);
const definitions = modules
  .flatMap((module) => Object.values(module))
  .filter(isDefinition)
  .map((definition) =>
    "topic" in definition
      ? { kind: "events", name: definition.topic, definition }
      : { kind: "tasks", name: definition.queue, definition },
  );

describe.each(definitions)("$kind: $name", ({ kind, name, definition }) => {
  test.each(versionsUpTo(definition.version))(
    "what was sent in version %i is understood today",
    (version) => {
      const examples = recorded(kind, name, version) ?? [];
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) {
        expect(example).toHaveProperty("v", version);
        expect(fromWire(definition, example)).toMatchObject({ ok: true });
      }
    },
  );

  test("nothing that is sent today is passed over: another shape is another version", () => {
    for (const example of recorded(kind, name, definition.version) ?? []) {
      const { v: _, ...sent } = example;
      expect(fromWire(definition, example)).toEqual({ ok: true, payload: sent });
    }
  });
});

test("all events and tasks are looked at", () => {
  expect(definitions.length).toBeGreaterThanOrEqual(18);
  const names = definitions.map(({ kind, name }) => `${kind} ${name}`);
  expect(new Set(names).size).toBe(names.length);
});

let emulator: FirestoreEmulator;
let firestore: Firestore;
const clock = new LocalClock();
const database = async () => adaptFirestore(firestore);

beforeAll(async () => {
  emulator = await startFirestore({
    clock,
    faults: new FaultPlan(),
    indexes: indexDefinitions(),
  });
  exportVariables({ FIRESTORE_EMULATOR_HOST: emulator.host, METADATA_SERVER_DETECTION: "none" });
  firestore = new Firestore({ projectId: "recorded" });
});
afterAll(async () => {
  await firestore.terminate();
  await emulator.stop();
  clock.stop();
});

/** How the product reads a document of a collection; `above` is the id of the document it is below. */
type Read = (document: DocumentSnapshot, above: string) => unknown;
const readers: Readonly<Record<string, Read>> = {
  auctions: toAuction,
  "auctions/bids": async (_bid, auction) => (await createBids(database).all(auction))[0],
  builders: async ({ id }) => {
    const builders = createBuilders(database);
    const channelId = (await builders.get(id))?.twitchUserId ?? "";
    const offline = { channelId, isLive: false, streamId: undefined, at: FAR_OFF };
    await builders.recordStreamStatus(id, offline);
    return builders.get(id);
  },
  "builders/standings": readChange,
  "builders/debts": ({ id }, builder) => createDebts(database).get(builder, id),
  dead_letters: ({ id }) => createDeadLetters(database).get(id),
  forgettings: async ({ id }) => {
    const { updatedAt: _, ...read } = (await createForgettings(database).get(id)) ?? {};
    return read;
  },
  // Read by people only.
  forgotten: (record) => record.get("done_on"),
  forgotten_accounts: async ({ id }) => {
    await createTombstones(database).collect(id, LONG_AGO);
    return (await createTombstones(database).accounts(undefined, 1))[0];
  },
  go_lives: ({ id }) => createGoLives(database).get(id),
  "go_lives/outcomes": async ({ id }, live) =>
    (await createGoLives(database).outcomes(live)).get(id),
  hosts: ({ id }) => createHosts(database).standing(id),
  "hosts/standings": readChange,
  inventory: dropDocument.read,
  drop_waits: dropWaitDocument.read,
  "inventory/buyers": orderIdsOf,
  "inventory/units": (_unit, drop) => createDrops(database).stockLevel(drop),
  ledger: toTransaction,
  "ledger/postings": toPosting,
  lobbies: toLobby,
  orders: orderDocument.read,
  "orders/refunds": ({ id }, order) => createRefunds(database).get(order, id),
  payouts: toPayout,
  processed: readProcessed,
  sales: toSale,
  "sales/disputes": async ({ id }, sale) => {
    const nextTurn = { read: async () => "open" as const, now: () => LONG_AGO };
    const { outcome, turn } = await createSaleDisputes(database).follow(sale, id, nextTurn);
    return { outcome, turn };
  },
  "sales/refunds": ({ id }, sale) => createSales(database).findRefund(sale, id),
  cases: caseDocument.read,
  deadlines: deadlineDocument.read,
  parcels: parcelDocument.read,
  shipping_terms: ({ id }) => createBuildersTerms(database).get(id),
  sign_ins: ({ id }) => {
    const guess = { userId: id, code: "BBBB-BBBB", interactionId: "1" };
    return createSignIns(database).checkCode(guess, LONG_AGO);
  },
  standing_tombstones: async ({ id }) => {
    const port = await database();
    return port.runTransaction((transaction) =>
      wasDecidedAgainst(port, transaction, { person: [id], channel: [] }, LONG_AGO),
    );
  },
  sweeps: async ({ id }) => (await createSweeps(database).doneUpTo()).get(id) ?? "the beginning",
  tombstones: ({ id }) =>
    createTombstones(database).claim(id, { userId: "1", id: "found", now: LONG_AGO }),
  users: ({ id }) => createUsers(database).hasClosedDms(id, LONG_AGO),
  "users/unpaid_wins": (win) => countedWins([win]),
  waiting_refunds: async () => (await createSales(database).missedSince(FAR_OFF))[0],
  wallets: readWallet,
};

/** The collection of what was done once holds records of several kinds. */
async function readProcessed({ id }: DocumentSnapshot): Promise<unknown> {
  const [kind, key = ""] = id.split(":");
  if (kind === "payout-refusal") return payOut(key, "1");
  if (kind !== "race-command") return createSentMessages(database).get(id);
  const decide = async () => ({ refusal: "It was not recorded." });
  const target = await createRaceCommands(database).target(key, LONG_AGO, decide);
  return "lobbyId" in target ? target : undefined;
}

function readWallet({ id }: DocumentSnapshot): Promise<unknown> {
  return payOut(`9${id}`, id);
}

/** Asks for a payout that is refused: because it was before, or because it is too little. */
function payOut(id: string, racerId: string): Promise<unknown> {
  const who = { id, racerId, staffId: "1", channelId: "1" };
  const what = {
    amount: 1,
    currency: "usd",
    method: "store-credit",
    accountId: undefined,
    isLeaver: false,
  } as const;
  const rules = { least: 2, deadline: FAR_OFF, now: () => LONG_AGO };
  return createPayouts(database).begin({ ...who, ...what, code: undefined }, rules);
}

describe.each(documentDefinitions)("documents of $collection", ({ collection, version }) => {
  const name = collection.replaceAll("/", ".");
  test.each(versionsUpTo(version))(
    "that were stored in version %i are read today",
    async (storedVersion) => {
      const examples = recorded("documents", name, storedVersion) ?? [];
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) {
        expect(versionOf(example)).toBe(storedVersion);
        const place = firestore.doc(String(example["path"]));
        await place.set(Object(fromJson(example["fields"])));
      }
      for (const { path } of examples) {
        const snapshot = await firestore.doc(String(path)).get();
        const above = snapshot.ref.parent.parent?.id ?? "";
        const reading = await readers[collection]?.(snapshot, above);
        expect(reading).toBeDefined();
        // What is read of it stays the same, or its shape has another version.
        expect(reading).toMatchSnapshot();
      }
    },
  );
});

describe("a document", () => {
  /** First with a name in one, then in two parts; fields of the new shape stay as they are. */
  const personDocument = defineDocument({
    collection: "people",
    about: "Someone with a name.",
    key: { what: "a number" },
    kept: "forever",
    exportedIn: [],
    upgrades: [
      ({ name, ...rest }: Readonly<Record<string, unknown>>) => {
        const [first, last] = String(name).split(" ");
        return { first, last, ...rest };
      },
    ],
    fields: { first: text("first"), last: text("last") },
  });
  const read = async (data: object) => {
    const place = firestore.doc("people/1");
    await place.set(data);
    return personDocument.read(await place.get());
  };
  const ada = { first: "Ada", last: "Byron" };

  test.each([
    ["without a version", { name: "Ada Byron" }],
    ["of the version before", { schema_version: 1, name: "Ada Byron" }],
    ["that later code has changed in part", { schema_version: 1, name: "Ada King", last: "Byron" }],
    ["of today", { schema_version: 2, ...ada }],
  ])("%s is read as if it were of today", async (_what, data) => {
    expect(await read(data)).toEqual({ id: "1", ...ada });
  });

  test("of a later version is not guessed at: reading it may be tried again", async () => {
    const reading = read({ schema_version: 3, ...ada });
    await expect(reading).rejects.toThrow(
      "Document people/1 is of version 3, and this code knows up to 2",
    );
    await expect(reading).rejects.not.toHaveProperty("name", "TerminalError");
  });
});
