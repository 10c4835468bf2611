import { describe, expect, test } from "@jest/globals";
import { defineDocument } from "../../../shared/documents/define-document.ts";
import {
  amount,
  fallback,
  flag,
  group,
  integer,
  list,
  map,
  oneOf,
  optional,
  optionalGroup,
  readApart,
  record,
  text,
  time,
  timeMs,
} from "../../../shared/documents/fields.ts";
import type {
  DocumentData,
  DocumentReference,
  DocumentSnapshot,
} from "../../../shared/ports/database.ts";

const NOON = new Date("2026-06-01T12:00:00Z");

const parcels = defineDocument({
  collection: "parcels",
  about: "A parcel.",
  key: { what: "its number" },
  kept: "forever",
  exportedIn: [],
  fields: {
    state: fallback(oneOf("parcel_state", ["open", "sent"]), "open"),
    note: optional(text("packing_note")),
    weights: map("weights", integer()),
    lines: list(
      "lines",
      record("", { title: text("line_title"), sentAt: optional(time("sent_at")) }),
    ),
    price: group({ total: amount("total_cents"), isPaid: fallback(flag("is_paid"), false) }),
    proof: optionalGroup(["proved_at"], { atMs: timeMs("proved_at"), streamId: text("stream_id") }),
    changedAt: readApart(time("changed_at")),
  },
  upgrades: [({ old_weights, ...rest }) => ({ weights: old_weights, ...rest })],
});

const whole = { weights: { box: 2 }, lines: [], total_cents: 5, schema_version: 2 };

/** A document as Firestore returns it. */
function snapshotOf(stored: DocumentData): DocumentSnapshot {
  const times = (value: unknown): unknown => {
    if (value instanceof Date) return { toDate: () => value };
    if (Array.isArray(value)) return value.map(times);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, times(each)]));
  };
  const data = times(stored) as DocumentData;
  const ref = { path: "parcels/7" } as DocumentReference;
  return { id: "7", ref, exists: true, data: () => data } as unknown as DocumentSnapshot;
}

/** What a definition writes. */
function written(write: (writer: Parameters<typeof parcels.update>[0]) => void): DocumentData {
  const kept: DocumentData[] = [];
  const keep = (_place: DocumentReference, fields: DocumentData) => kept.push(fields);
  write({ create: keep, set: keep, update: keep });
  return kept[0] ?? {};
}
const place = {} as DocumentReference;

describe("reading", () => {
  test("returns fields by their names in code, groups as one object, and absent fields as undefined", () => {
    const lines = [{ line_title: "Brass weight", sent_at: null }];
    expect(parcels.read(snapshotOf({ ...whole, lines, is_paid: true }))).toEqual({
      id: "7",
      state: "open",
      note: undefined,
      weights: { box: 2 },
      lines: [{ title: "Brass weight", sentAt: undefined }],
      price: { total: 5, isPaid: true },
      proof: undefined,
    });
  });

  test("returns an existing group, with its time as a Date", () => {
    const proof = { proved_at: NOON, stream_id: "9" };
    expect(parcels.read(snapshotOf({ ...whole, ...proof })).proof).toEqual({
      atMs: NOON.getTime(),
      streamId: "9",
    });
  });

  test.each([
    ["a field", { total_cents: "5" }, "total_cents"],
    ["a missing field", { weights: null }, "weights"],
    ["a field in a list", { lines: [{ line_title: 3 }] }, "lines.0.line_title"],
    ["a field of a group that is there", { proved_at: NOON }, "stream_id"],
    ["several", { total_cents: 0.5, parcel_state: "lost" }, "parcel_state, total_cents"],
  ])("names the document and %s that is malformed, not its value", (_what, bad, named) => {
    const reading = () => parcels.read(snapshotOf({ ...whole, ...bad }));
    expect(reading).toThrow(`Document parcels/7 is malformed in: ${named}.`);
    expect(reading).toThrow(expect.objectContaining({ name: "TerminalError" }));
    expect(parcels.readable(snapshotOf({ ...whole, ...bad }))).toEqual([]);
  });

  test("reads a document of an older version, and refuses one of a later version with a retryable error", () => {
    const { weights, ...rest } = whole;
    const old = { ...rest, old_weights: weights, schema_version: 1 };
    expect(parcels.read(snapshotOf(old)).weights).toEqual({ box: 2 });
    const { schema_version: _, ...unversioned } = old;
    expect(parcels.read(snapshotOf(unversioned)).weights).toEqual({ box: 2 });
    const later = () => parcels.read(snapshotOf({ ...whole, schema_version: 3 }));
    expect(later).toThrow("Document parcels/7 is of version 3, and this code knows up to 2");
    expect(later).not.toThrow(expect.objectContaining({ name: "TerminalError" }));
  });

  test("reads a part even if the rest is malformed, and fields that only a part reads", () => {
    const broken = { ...whole, total_cents: "five", changed_at: NOON };
    const readPart = parcels.part("changedAt", "note");
    expect(readPart(snapshotOf(broken))).toEqual({ changedAt: NOON, note: undefined });
    expect(readPart(snapshotOf({}))).toEqual({ changedAt: undefined, note: undefined });
  });

  test("reads what is valid of a malformed document, whatever its version says", () => {
    const readRemainder = parcels.remainder("note", "lines", "changedAt", "state");
    const broken = { packing_note: "fragile", lines: "none", changed_at: NOON, total_cents: "5" };
    const valid = { note: "fragile", changedAt: NOON, state: "open" };
    expect(readRemainder(snapshotOf({ ...broken, schema_version: 2 }))).toEqual(valid);
    expect(readRemainder(snapshotOf({ ...broken, schema_version: "two" }))).toEqual(valid);
  });

  test("ignores a field that only a part reads", () => {
    expect(parcels.read(snapshotOf({ ...whole, changed_at: "yesterday" }))).not.toHaveProperty(
      "changedAt",
    );
  });
});

describe("writing", () => {
  test("stores fields by their stored names with the version, and omits what is not given", () => {
    const lines = [{ title: "Brass weight", sentAt: NOON }];
    const proof = { atMs: NOON.getTime(), streamId: "9" };
    const made = { weights: {}, lines, price: { total: 5 }, proof, changedAt: NOON };
    expect(written((writer) => parcels.create(writer, place, made))).toEqual({
      weights: {},
      lines: [{ line_title: "Brass weight", sent_at: NOON }],
      total_cents: 5,
      proved_at: NOON,
      stream_id: "9",
      changed_at: NOON,
      schema_version: 2,
    });
  });

  test("stores undefined as null, also for a whole group", () => {
    const changes = { note: undefined, proof: undefined };
    expect(written((writer) => parcels.update(writer, place, changes))).toEqual({
      packing_note: null,
      proved_at: null,
      stream_id: null,
    });
  });

  test("updates a part of a group, and stores no id", () => {
    const changes = { id: "7", price: { isPaid: true } };
    expect(written((writer) => parcels.update(writer, place, changes))).toEqual({ is_paid: true });
  });

  test("refuses a name that no field has", () => {
    const changes = { note: "fragile", colour: "red" };
    const writing = () => written((writer) => parcels.update(writer, place, changes));
    expect(writing).toThrow('No field is defined as "colour".');
  });
});
