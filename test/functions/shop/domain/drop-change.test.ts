import { describe, expect, test } from "@jest/globals";
import { refusalOfChange } from "../../../../functions/shop/domain/drop-change.ts";

const KINDS = [
  "close",
  "reopen",
  "edit",
  "price",
  "limit",
  "restock",
  "schedule",
  "discard",
] as const;
const post = { channelId: "1", messageId: "2" };
const shipping = { from: "US", zones: {}, pickup: false } as never;
const drop = { draftState: undefined, isClosed: false, post, shipping };

/** What each kind of change is refused with; those that are not refused are left out. */
const refusals = (state: Partial<Parameters<typeof refusalOfChange>[1]>) =>
  Object.fromEntries(
    KINDS.flatMap((kind) => {
      const refusal = refusalOfChange({ kind }, { ...drop, ...state });
      return refusal === undefined ? [] : [[kind, refusal]];
    }),
  );

describe("a change of a drop is refused", () => {
  test("if there is only a draft and it would close or open it, whatever else is missing", () => {
    const refused = { close: "still-draft", reopen: "still-draft" };
    expect(refusals({ draftState: "draft" })).toEqual(refused);
    expect(refusals({ draftState: "draft", post: undefined, shipping: undefined })).toEqual(
      refused,
    );
  });

  test("if the draft was discarded", () => {
    const all = Object.fromEntries(KINDS.map((kind) => [kind, "not-found"]));
    expect(refusals({ draftState: "discarded" })).toEqual(all);
  });

  test("if it would put into the shop what was never posted, or has no shipping terms", () => {
    const noDraft = { schedule: "no-draft", discard: "no-draft" };
    expect(refusals({})).toEqual(noDraft);
    expect(refusals({ isClosed: true })).toEqual(noDraft);
    expect(refusals({ isClosed: true, post: undefined })).toEqual({
      ...noDraft,
      reopen: "never-posted",
      restock: "never-posted",
    });
    expect(refusals({ shipping: undefined })).toEqual({
      ...noDraft,
      reopen: "no-terms",
      restock: "no-terms",
    });
  });
});
