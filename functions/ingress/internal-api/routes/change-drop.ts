import * as z from "zod/mini";
import {
  MAX_DESCRIPTION_LENGTH,
  MAX_PRICE,
  MAX_STOCK,
  MAX_TITLE_LENGTH,
  MIN_PRICE,
  readDropText,
} from "../../../shop/domain/drop.ts";
import { type ChangeDropDeps, makeOwnChange } from "../../../shop/drops/change-drop.ts";
import type { DropChange } from "../../../shop/store/drops.ts";
import type { Deps } from "../../deps.ts";
import { defineRoute, idOfCall } from "../define-route.ts";
import { dropView, viewOfDrop } from "../drop-view.ts";
import { id, person } from "../fields.ts";

const change = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("close") }),
  z.object({ kind: z.literal("reopen") }),
  z.object({
    kind: z.literal("edit"),
    title: z.string().check(z.describe(`At most ${MAX_TITLE_LENGTH} characters`)),
    description: z.string().check(z.describe(`At most ${MAX_DESCRIPTION_LENGTH} characters`)),
  }),
  z.object({
    kind: z.literal("price"),
    price: z.int().check(z.gte(MIN_PRICE), z.lte(MAX_PRICE), z.describe("Minor units")),
  }),
  z.object({
    kind: z.literal("restock"),
    quantity: z.int().check(z.gte(1), z.lte(MAX_STOCK), z.describe("How many units to add")),
  }),
]);

/** Changes a builder's drop. Idempotency: the key and the change give the change its id, and it is made once. */
export const changeDrop = defineRoute({
  method: "POST",
  path: "/api/internal/change-drop",
  operationId: "changeDrop",
  does: "Makes one change of a builder's drop, as `/c500 drops` does. What is bought or being paid for keeps its terms.",
  key: {
    isRequired: true,
    does: "Required, one for each change. A repeated request changes nothing more.",
  },
  input: z.object({ drop_id: id("The drop"), builder_discord_id: person("Its builder"), change }),
  answer: dropView,
  errors: {
    "bad-text": { status: 400, when: "the title is empty, or a text is too long" },
    "not-approved": { status: 403, when: "the builder may not sell now; closing is allowed" },
    "not-found": { status: 404, when: "the builder has no such drop" },
    "never-posted": { status: 409, when: "the drop could not be posted when it was made" },
    "still-draft": { status: 409, when: "a draft can't be closed or reopened" },
    "too-many": { status: 409, when: `the drop would have more than ${MAX_STOCK} units in all` },
  },
  run: async ({ input, key }, deps: ChangeDropDeps & Pick<Deps, "config">) => {
    const { drop_id: dropId, builder_discord_id: userId } = input;
    const read = readChange(input.change);
    if ("error" in read) return { refusal: "bad-text", error: read.error };
    const use = { id: idOfCall(key, dropId, userId, JSON.stringify(read)), userId };
    const result = await makeOwnChange({ use, dropId, change: read }, deps);
    if (result.ok) return { answer: await viewOfDrop(result.drop, deps) };
    if (result.refusal === "no-draft") throw new Error(`Drop ${dropId} refused ${read.kind}.`);
    return { refusal: result.refusal, error: result.text };
  },
});

function readChange(asked: z.output<typeof change>): DropChange | { readonly error: string } {
  if (asked.kind !== "edit") return asked;
  const text = readDropText(asked);
  return "title" in text ? { kind: "edit", ...text } : { error: text.join(" ") };
}
