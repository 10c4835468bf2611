import { expect, test } from "@jest/globals";
import {
  amount,
  integer,
  internal,
  list,
  map,
  optional,
  person,
  personal,
  record,
  text,
  time,
} from "../../../shared/documents/fields.ts";
import { erasedFields, exportedFields, peopleOf } from "../../../shared/documents/personal.ts";

const ADA = "600000000000000001";
const BOB = "600000000000000002";
const ALIAS = { erase: "replace-with-alias", export: "included" } as const;
const GONE = { erase: "remove", export: "included" } as const;
const STAYS = { erase: "keep: the books need it", export: "included" } as const;

const races = {
  fields: {
    hostId: person("host_id", ALIAS),
    winnerId: optional(person("winner_id", ALIAS)),
    link: optional(personal(text("link"), { ...GONE, of: "host_id" })),
    racers: list("racers", record("", { id: person("racer_id", ALIAS), seat: integer("seat") })),
    kicked: list("kicked", person("", GONE)),
    names: map("names", personal(text(), GONE), "people"),
    starts: map("starts", time(), "people"),
    charge: optional(personal(text("charge"), STAYS)),
    key: internal(text("key"), "it opens the board"),
    code: personal(text("code"), { ...GONE, export: "left out: it is worth money" }),
    price: amount("price"),
  },
};

const stored = {
  host_id: ADA,
  winner_id: BOB,
  link: "https://twitch.tv/ada",
  racers: [
    { racer_id: ADA, seat: 1 },
    { racer_id: BOB, seat: 2 },
  ],
  kicked: [ADA, BOB],
  names: { [ADA]: "Ada", [BOB]: "Bob" },
  starts: { [ADA]: 1, [BOB]: 2 },
  charge: "ch_1",
  key: "secret",
  code: "GIFT",
  price: 1250,
  currency: "usd",
};

test("erasing follows the rules of each field, wherever it names the person, and does not affect others", () => {
  expect(erasedFields(races, stored, { from: ADA, to: "forgotten-1" })).toEqual({
    host_id: "forgotten-1",
    link: null,
    racers: [
      { racer_id: "forgotten-1", seat: 1 },
      { racer_id: BOB, seat: 2 },
    ],
    kicked: [BOB],
    names: { [BOB]: "Bob" },
    starts: { "forgotten-1": 1, [BOB]: 2 },
  });
});

test("erasing changes nothing in documents without the person, and is idempotent", () => {
  const who = { from: ADA, to: "forgotten-1" };
  const { host_id: _, ...rest } = stored;
  expect(
    erasedFields(
      races,
      { ...rest, host_id: BOB, racers: [], kicked: [], names: {}, starts: {} },
      who,
    ),
  ).toEqual({});
  const once = { ...stored, ...erasedFields(races, stored, who) };
  expect(erasedFields(races, once, who)).toEqual({});
});

test("a field of someone else beside the person's is not erased", () => {
  const changes = erasedFields(races, stored, { from: BOB, to: "forgotten-2" });
  expect(changes).not.toHaveProperty("link");
  expect(changes["winner_id"]).toBe("forgotten-2");
});

test("an export has readable amounts and the person's own id, but neither others' ids nor excluded fields", () => {
  const viewer = { userId: ADA, self: "you", nameOf: () => "person 1" };
  expect(
    exportedFields(races, { ...stored, old_note: `for ${ADA}`, old_friend: BOB }, viewer),
  ).toEqual({
    host_id: "you",
    winner_id: "person 1",
    link: "https://twitch.tv/ada",
    racers: [
      { racer_id: "you", seat: 1 },
      { racer_id: "person 1", seat: 2 },
    ],
    kicked: ["you", "person 1"],
    names: { you: "Ada", "person 1": "Bob" },
    starts: { you: 1, "person 1": 2 },
    charge: "ch_1",
    price: "12.50 USD",
    currency: "usd",
    old_note: "for you",
    old_friend: "person 1",
  });
});

test("the fields that name one person are those by which queries find the person's documents", () => {
  expect(peopleOf(races)).toEqual(["host_id", "winner_id"]);
});
