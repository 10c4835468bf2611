import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { documentDefinitions } from "../../../functions/documents.ts";
import type { DocumentDefinition } from "../../../shared/documents/define-document.ts";
import type { PersonalRules } from "../../../shared/documents/fields.ts";
import { fieldsOf } from "../../../shared/documents/personal.ts";
import { type Lives, startLives } from "../../support/going-live/lives.ts";
import { sampleOf, samplePath } from "../../support/stored/sample-documents.ts";

/*
 * Every personal field of every definition is filled for one person, who then reads their data and is forgotten by
 * the real commands. What is left in the database must be what the definitions say. A new personal field is in here
 * by itself.
 */

const LONG_MS = 180_000;
const DAY_MS = 24 * 3_600_000;
const ALIAS = /forgotten-[0-9a-f]{24}/;
const ID = "1400000000000000001";
/** Made by the forgetting itself, and gone at its end. */
const OF_THE_RUN = new Set(["forgettings"]);

const STREAM = {
  id: ID,
  userId: "90001",
  userLogin: "sample",
  title: "Sample",
  categoryName: "Art",
  thumbnailUrl: "",
  startedAtMs: 0,
};
/** What makes a sample one of something that is over: someone is forgotten only then. */
const over = (userId: string): Readonly<Record<string, object>> => ({
  auctions: { state: "sold", claim: { round: 1, bidder_id: userId, amount: 0, state: "paid" } },
  builders: { standing: "approved", twitch_user_id: "90001" },
  dead_letters: { state: "discarded", attributes: { userId: "" } },
  go_lives: { context: "chat", stream: STREAM },
  inventory: { is_closed: true, stock: 1 },
  lobbies: { state: "finished" },
  orders: {
    fulfillment_status: "delivered",
    parcel_state: "arrived",
    hold: "released",
    disputes: [],
    open_refunds: [],
  },
  cases: { state: "settled" },
  parcels: { state: "arrived" },
  payouts: { state: "done" },
});

let world: Lives;
let user: string;
let other: string;
const samples = new Map<string, Readonly<Record<string, unknown>>>();
let after: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
let file: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

const sampled = documentDefinitions.filter(({ collection }) => !OF_THE_RUN.has(collection));
/** Where the sample is that a person owns; of a notice to them the id begins with theirs. */
const pathOf = (definition: DocumentDefinition, owner = user) =>
  definition.collection === "processed"
    ? `processed/registered:${owner}:1`
    : samplePath(definition, { userId: owner, id: ID });
/** Someone else's document can name the person too: the staff member who decided something about them. */
const namesInOthers = ({ key, fields }: DocumentDefinition) =>
  key.personal?.erase === "delete-document" &&
  fieldsOf(fields).some(({ field }) => field.personal?.erase === "replace-with-alias");
/** The sample in which a field is looked at. */
const placeOf = (definition: DocumentDefinition, { erase }: PersonalRules) =>
  pathOf(definition, erase === "replace-with-alias" && namesInOthers(definition) ? other : user);

beforeAll(async () => {
  world = await startLives();
  const { cloud, people } = world;
  [user, other] = [people.person(), people.person()];
  const at = new Date(cloud.clock.nowMs() - 400 * DAY_MS);
  for (const definition of sampled) {
    const { collection } = definition;
    const fields = {
      ...sampleOf(definition, { userId: user, id: ID, at }),
      ...over(user)[collection],
      ...(collection === "ledger/postings" && { account: `racer:${user}` }),
      ...(collection === "dead_letters" && { body: `for ${user}` }),
      schema_version: definition.version,
    };
    for (const owner of namesInOthers(definition) ? [user, other] : [user]) {
      const place = cloud.firestore.doc(pathOf(definition, owner));
      await place.set(fields);
      samples.set(place.path, (await place.get()).data() ?? {});
    }
  }
  expect((await people.command(user, "c500 my-data")).text).toContain("I've sent you a DM");
  const [sent] = cloud.discord.dms(user).flatMap(({ attachments }) => attachments);
  file = JSON.parse(await (await cloud.fetch(sent?.url ?? "")).text());
  expect((await world.confirm(user)).text).toContain("I've forgotten you");
  await world.lookOnceMore();
  const { docs } = await cloud.firestore.collectionGroup("").get();
  after = new Map(docs.map((each) => [each.ref.path, each.data()]));
}, LONG_MS);
afterAll(() => world.cloud.stop());

/** The values at a path such as `intervals[].racer_id`. */
function valuesAt(stored: unknown, path: string): unknown[] {
  return path.split(".").reduce<unknown[]>(
    (values, step) => {
      const name = step.replace(/\[\]$/, "");
      const inside = values.map((each) => (each as Record<string, unknown> | null)?.[name]);
      return step === name ? inside : inside.flatMap((each) => Object.values(each ?? {}));
    },
    [stored],
  );
}

const personalFields = sampled.flatMap((definition) =>
  fieldsOf(definition.fields).flatMap(({ path, field: { personal } }) =>
    personal ? [{ definition, path, rules: personal, collection: definition.collection }] : [],
  ),
);

describe("being forgotten", () => {
  test.each(personalFields)(
    "follows the rule of $collection $path",
    ({ definition, path, rules }) => {
      const place = placeOf(definition, rules);
      const before = valuesAt(samples.get(place), path);
      expect(before.filter((value) => value !== undefined)).not.toEqual([]);
      if (rules.erase === "delete-document") {
        expect(after.has(place)).toBe(false);
        return;
      }
      const kept = after.get(place);
      const values = valuesAt(kept, path);
      if (rules.erase === "remove") expect(values.every((value) => value == null)).toBe(true);
      else if (rules.erase === "replace-with-alias") {
        for (const value of values) expect(value).toMatch(ALIAS);
      } else expect(values).toEqual(before);
    },
  );

  test("leaves the person's id nowhere", async () => {
    expect(await world.traces(user)).toEqual([]);
  });

  test.each(sampled.filter(({ key }) => key.personal))(
    "leaves no document of $collection under the person's id",
    (definition) => {
      const place = pathOf(definition);
      expect(after.has(place)).toBe(false);
      if (definition.key.personal?.erase !== "replace-with-alias") return;
      const moved = [...after.keys()].filter((path) => path.replace(ALIAS, user) === place);
      expect(moved).toHaveLength(1);
    },
  );
});

/** Of these the person reads their own part alone. */
const SHARED = new Set(["auctions", "auctions/bids", "lobbies"]);

describe("the file of one's own data", () => {
  test.each(sampled)("has of $collection what its definition says", (definition) => {
    const { collection, exportedIn, fields } = definition;
    for (const section of exportedIn) expect(file).toHaveProperty(section);
    if (exportedIn.length === 0 || SHARED.has(collection)) return;
    const row = file[exportedIn[0] ?? ""]?.[0] ?? {};
    for (const { path, field } of fieldsOf(fields)) {
      if (/[.[]/.test(path) || collection === "go_lives/outcomes") continue;
      const isIncluded = !field.internal && (field.personal?.export ?? "included") === "included";
      expect([path, path in row]).toEqual([path, isIncluded]);
    }
  });
});
