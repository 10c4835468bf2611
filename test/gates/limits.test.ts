import { describe, expect, test } from "@jest/globals";
import { limitNames } from "../../shared/limits/limits.ts";
import { controls } from "../access/controls.ts";

/** What has no limit of its own, and what bounds it instead. */
const OTHERWISE_BOUNDED: Readonly<Record<string, string>> = {
  "c500 payouts": "answers its builder alone",
  "c500 profile": "reads only",
  "c500 help": "reads only",
  "c500 shipping": "changes one document of its builder",
  "c500 country": "changes one field of its user",
  "ship-country": "each order that is reserved counts as one of `reservations`",
  "c500 orders": "reads only",
  "orders-more": "reads only",
  "c500 ship": "notifies a buyer once for each parcel",
  "ship-form": "notifies a buyer once for each parcel",
  "ship-several-form": "notifies each buyer once for each parcel",
  "parcel-arrived": "once for each parcel",
  "parcel-wrong": "answers its user alone",
  "wrong-order": "answers its user alone",
  case: "once for each move of a case",
  "cancel-accept": "once for each order",
  "cancel-decline": "once for each order",
  "c500 drops": "edits posts that are there, at most once a second",
  "c500 forget me": "answers its user alone, and notifies operators once a day",
  "c500 auction list": "reads only",
  "c500 auction cancel": "once for each auction",
  "c500 auction void": "once for each auction",
  "c500 auction close": "once for each auction",
  "c500 auction sell": "once for each auction",
  "c500 auction extend": "answers its user alone, and an auction lasts seven days at the most",
  "c500 auction remove-bids": "for staff",
  "c500 auction history": "reads only",
  "c500 auction bar": "for staff",
  "c500 auction lift": "answers its user alone",
  "c500 builders list": "for staff",
  "c500 builders approve": "for staff",
  "c500 builders decline": "for staff",
  "c500 builders suspend": "for staff",
  "c500 builders restore": "for staff",
  "c500 builders remove": "for staff",
  "builder-approve": "for staff",
  "builder-decline-form": "for staff",
  "c500 hosts list": "for staff",
  "c500 hosts approve": "for staff",
  "c500 hosts decline": "for staff",
  "c500 hosts suspend": "for staff",
  "c500 hosts restore": "for staff",
  "c500 hosts remove": "for staff",
  "host-approve": "for staff",
  "host-decline-form": "for staff",
  "host-ask": "once, until the team has decided",
  bid: "accepted bids are a second apart, by the script; boards are edited once a second",
  "race kick": "once for each person in a lobby",
  "race cancel": "once for each lobby",
  "race goal":
    "boards are edited once a second, and a goal is announced once a sale has reached it",
  "race report": "reads only",
  "race winner": "changes one field of a race, and edits its message",
  "race overlay": "answers its host alone",
  start: "once for each lobby",
  finish: "once for each lobby",
  wallet: "reads only",
  payout: "for staff",
  "payouts list": "for staff",
  "payouts tax": "for staff",
  "payout-request": "once a day for each person",
  "drop-buy": "each order that is reserved counts as one of `reservations`",
  "drop-quantity": "each order that is reserved counts as one of `reservations`",
  "drop-close": "edits a post that is there, at most once a second",
  "drop-reopen": "edits a post that is there, at most once a second",
  "drop-no-pictures": "changes one post, one edit at a time",
  "drop-unnotify": "deletes one's own document",
  "drop-open": "once for each draft",
  "drop-unschedule": "changes one field of a draft",
  "drop-discard": "once for each draft",
  "drop-details": "reads only",
  "order-cancel": "once for each order",
  "forget-me": "once for each person",
  "auction-claim": "once for each auction that was won",
  "auction-accept": "once for each offer",
  "race-start": "once for each lobby",
  "race-finish": "once for each lobby",
  "race-go-on": "once for each warning",
};
/** Limits that no definition names, because they count what a command leads to. */
const COUNTED_BY_HANDLERS = ["reservations", "announcements"];

describe("limits per person", () => {
  test("each command, button, select and form has one, or a reason to have none", () => {
    const unlimited = controls.filter(({ limit }) => !limit).map(({ name }) => name);
    expect(unlimited.toSorted()).toEqual(Object.keys(OTHERWISE_BOUNDED).toSorted());
  });

  test("each is used", () => {
    const used = controls.flatMap(({ limit }) => limit ?? []);
    expect(new Set([...used, ...COUNTED_BY_HANDLERS])).toEqual(new Set(limitNames));
  });
});
