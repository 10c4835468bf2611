import * as z from "zod/mini";
import { builderWords, standingRefusal } from "../../../members/messages/access.ts";
import { termsProblemTexts } from "../../../shipping/messages/terms.ts";
import { MAX_STOCK, readDropText } from "../../../shop/domain/drop.ts";
import type { DropChange } from "../../../shop/domain/drop-change.ts";
import { findTimeProblem } from "../../../shop/domain/opening-time.ts";
import { type ChangeDropDeps, makeOwnChange } from "../../../shop/drops/change-drop.ts";
import {
  type ChangeDropTermsDeps,
  changeDropTerms,
} from "../../../shop/drops/change-drop-terms.ts";
import { type OpenDraftNowDeps, openDraftNow } from "../../../shop/drops/open-draft-now.ts";
import { fetchPictures } from "../../../shop/drops/picture.ts";
import { type ReplacePicturesDeps, replacePictures } from "../../../shop/drops/replace-pictures.ts";
import { dropRefusalTexts } from "../../../shop/messages/drop-refusals.ts";
import type { Deps } from "../../deps.ts";
import { defineRoute, idOfCall } from "../define-route.ts";
import * as fields from "../drop-fields.ts";
import { dropView, viewOfDrop } from "../drop-view.ts";
import { id, person } from "../fields.ts";
import { readTermsChange, termsChange } from "../terms-fields.ts";

type ChangeDeps = ChangeDropDeps &
  ChangeDropTermsDeps &
  OpenDraftNowDeps &
  ReplacePicturesDeps &
  Pick<Deps, "config">;

const restocked = fields.quantity.check(z.describe("How many units to add"));
const scheduled = z.nullable(fields.opensAt).check(z.describe("Null: it waits to be opened"));
const replacing = fields.pictures.check(z.describe("All its pictures from now on; may be none"));

const change = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("close") }),
  z.object({ kind: z.literal("reopen") }),
  z.object({ kind: z.literal("edit"), title: fields.title, description: fields.description }),
  z.object({ kind: z.literal("pictures"), pictures: replacing }),
  z.object({ kind: z.literal("price"), price: fields.price }),
  z.object({ kind: z.literal("limit"), limit_per_buyer: fields.limitPerBuyer }),
  termsChange,
  z.object({ kind: z.literal("restock"), quantity: restocked }),
  z.object({ kind: z.literal("schedule"), opens_at: scheduled }),
  z.object({ kind: z.literal("open") }),
  z.object({ kind: z.literal("discard") }),
]);

/** What is asked for. */
type Asked = z.output<typeof change>;

/** Who asks, under which id, and of which drop. */
interface Own {
  readonly use: { readonly id: string; readonly userId: string };
  readonly dropId: string;
}

/** Changes a builder's drop. Idempotency: the key and the change give the change its id, and it is made once. */
export const changeDrop = defineRoute({
  method: "POST",
  path: "/api/internal/change-drop",
  operationId: "changeDrop",
  does: "Makes one change of a builder's drop, as `/c500 drops` and `/c500 shipping` do. What is bought or being paid for keeps its terms. `open`, `schedule` and `discard` are for drafts.",
  key: {
    isRequired: true,
    does: "Required, one for each change. A repeated request changes nothing more.",
  },
  input: z.object({ drop_id: id("The drop"), builder_discord_id: person("Its builder"), change }),
  answer: dropView,
  errors: {
    "bad-text": { status: 400, when: "the title is empty, or a text is too long" },
    "bad-terms": {
      status: 400,
      when: "the drop would ship nowhere or from nowhere, or a list of countries lacks its price",
    },
    "bad-time": { status: 400, when: "the opening time has passed or is too far away" },
    "bad-picture": {
      status: 400,
      when: "an address answers with an error, with something else than a picture, or with more than 8 MB",
    },
    "not-approved": { status: 403, when: "the builder may not sell now; closing is allowed" },
    "not-found": { status: 404, when: "the builder has no such drop" },
    "never-posted": { status: 409, when: "the drop could not be posted when it was made" },
    "still-draft": { status: 409, when: "a draft can't be closed or reopened" },
    "no-terms": { status: 409, when: "the drop doesn't say where it ships" },
    "no-draft": { status: 409, when: "the drop is not a draft, so it can't open or be discarded" },
    "not-opened": { status: 409, when: "the draft could not open, and is a draft again" },
    "needs-dms": {
      status: 409,
      when: "the builder takes no direct messages, which keep a draft's pictures until it opens",
    },
    "post-gone": { status: 409, when: "the drop's post can't be edited, so its pictures stay" },
    "too-many": { status: 409, when: `the drop would have more than ${MAX_STOCK} units in all` },
  },
  run: async ({ input, key }, deps: ChangeDeps) => {
    const { drop_id: dropId, builder_discord_id: userId } = input;
    const read = readChange(input.change);
    if ("error" in read) return { refusal: "bad-text", error: read.error };
    const use = { id: idOfCall(key, dropId, userId, JSON.stringify(read)), userId };
    const result = await make({ use, dropId }, read, deps);
    if (result.ok) return { answer: await viewOfDrop(result.drop, deps) };
    return { refusal: result.refusal, error: result.text };
  },
});

/** A change whose texts are read. */
type Read = DropChange | Extract<Asked, { kind: "pictures" | "open" | "shipping" }>;

function readChange(asked: Asked): Read | { readonly error: string } {
  switch (asked.kind) {
    case "edit": {
      const text = readDropText(asked);
      return "title" in text ? { kind: "edit", ...text } : { error: text.join(" ") };
    }
    case "limit":
      return { kind: "limit", limitPerBuyer: asked.limit_per_buyer };
    case "schedule": {
      const { opens_at: at } = asked;
      return { kind: "schedule", opensAt: at === null ? undefined : new Date(at) };
    }
    default:
      return asked;
  }
}

async function make(own: Own, asked: Read, deps: ChangeDeps) {
  if (asked.kind === "open") return openDraftNow(own, deps);
  if (asked.kind === "shipping") return changeShipping(own, asked, deps);
  if (asked.kind === "pictures") return changePictures(own, asked.pictures, deps);
  if (asked.kind === "schedule" && asked.opensAt) {
    const problem = findTimeProblem(asked.opensAt, deps.clock.now());
    const isRepeat = problem !== undefined && (await deps.drops.hasApplied(own.dropId, own.use.id));
    if (problem !== undefined && !isRepeat) return refused("bad-time", problem);
  }
  return makeOwnChange({ ...own, change: asked }, deps);
}

async function changeShipping(
  { use: { id: changeId, userId: builderId }, dropId }: Own,
  asked: Extract<Asked, { kind: "shipping" }>,
  deps: ChangeDeps,
) {
  const notFound = refused("not-found", dropRefusalTexts["not-found"]);
  const drop = await deps.drops.get(dropId);
  if (drop?.builderId !== builderId) return notFound;
  const standing = standingRefusal(await deps.builders.standing(builderId), builderWords);
  if (standing !== undefined && !(await deps.drops.hasApplied(dropId, changeId))) {
    return refused("not-approved", standing);
  }
  const change = readTermsChange(asked, drop.currency);
  if (typeof change === "string") return refused("bad-terms", change);
  const result = await changeDropTerms({ drop, builderId, changeId, change }, deps);
  switch (result.outcome) {
    case "changed":
      return { ok: true, drop: { ...drop, shipping: result.terms } } as const;
    case "refused":
      return refused("bad-terms", termsProblemTexts[result.problem]);
    default:
      return notFound;
  }
}

async function changePictures(own: Own, addresses: readonly string[], deps: ChangeDeps) {
  const drop = await deps.drops.get(own.dropId);
  if (drop?.builderId !== own.use.userId) {
    return refused("not-found", dropRefusalTexts["not-found"]);
  }
  const text = { title: drop.title, description: drop.description };
  if (await deps.drops.hasApplied(own.dropId, own.use.id)) {
    return makeOwnChange({ ...own, change: { kind: "edit", ...text } }, deps);
  }
  const files = await fetchPictures(addresses);
  if (files === "gone") return refused("bad-picture", "A picture can't be fetched, or isn't one.");
  return replacePictures({ ...own, text, files }, deps);
}

function refused<const Code extends string>(refusal: Code, text: string) {
  return { ok: false, refusal, text } as const;
}
