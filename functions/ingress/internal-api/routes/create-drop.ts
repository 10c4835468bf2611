import * as z from "zod/mini";
import { cannotPostText } from "../../../../shared/discord/sending/cannot-post.ts";
import { builderWords, standingRefusal } from "../../../members/messages/access.ts";
import { DEFAULT_LIMIT_PER_BUYER, type Drop, readDropText } from "../../../shop/domain/drop.ts";
import { findTimeProblem } from "../../../shop/domain/opening-time.ts";
import { type MakeDropDeps, makeDrop } from "../../../shop/drops/make-drop.ts";
import { draftRefusalTexts } from "../../../shop/messages/drafts.ts";
import type { Deps } from "../../deps.ts";
import { defineRoute, idOfCall } from "../define-route.ts";
import * as fields from "../drop-fields.ts";
import { dropView, viewOfDrop } from "../drop-view.ts";
import { person } from "../fields.ts";

type CreateDropDeps = MakeDropDeps & Pick<Deps, "config" | "clock">;

const input = z.object({
  builder_discord_id: person("The builder"),
  title: fields.title,
  description: z._default(fields.description, ""),
  price: fields.price,
  quantity: fields.quantity,
  limit_per_buyer: z._default(fields.limitPerBuyer, DEFAULT_LIMIT_PER_BUYER),
  payment_plan: z
    .enum(["split", "held"])
    .check(z.describe("split: ready to ship, held: made to order")),
  pictures: z.optional(fields.pictures),
  draft: z.optional(
    z.boolean().check(z.describe("Keep it as a draft until it is opened by `changeDrop`")),
  ),
  opens_at: z.optional(fields.opensAt),
});

/**
 * Puts a drop on sale and posts it, or keeps it as a draft. Idempotency: the key and the input give the drop its id; a
 * repeat finds it and its post. Crash safety: the repeat posts it. Late: a repeat after the drop was closed answers it
 * closed.
 */
export const createDrop = defineRoute({
  method: "POST",
  path: "/api/internal/create-drop",
  operationId: "createDrop",
  does: "Puts a drop on sale and posts it, as `/c500 drop` does, on the builder's shipping terms. With `draft` or `opens_at`, only its builder sees it until it opens.",
  key: {
    isRequired: true,
    does: "Required, one for each drop. A repeated request gets the same drop.",
  },
  input,
  answer: dropView,
  errors: {
    "bad-text": { status: 400, when: "the title is empty, or a text is too long" },
    "bad-time": { status: 400, when: "the opening time has passed or is too far away" },
    "bad-picture": {
      status: 400,
      when: "an address answers with an error, with something else than a picture, or with more than 8 MB",
    },
    "not-approved": { status: 403, when: "the builder may not sell now, or there is none" },
    "no-account": { status: 409, when: "the builder cannot be paid yet" },
    "no-terms": { status: 409, when: "the builder has not said where they ship" },
    "needs-dms": {
      status: 409,
      when: "the builder takes no direct messages, which keep a draft's pictures until it opens",
    },
    "cannot-post": { status: 502, when: "Discord does not let the bot post in the marketplace" },
  },
  run: async ({ input, key }, deps: CreateDropDeps) => {
    const text = readDropText(input);
    if (!("title" in text)) return { refusal: "bad-text", error: text.join(" ") };
    const id = idOfCall(key, input.builder_discord_id, JSON.stringify(input));
    const before = await deps.drops.get(id);
    if (before?.post) return { answer: await viewOfDrop(before, deps) };
    const refusal = await findRefusal(input, before, deps);
    if (refusal) return refusal;

    const { pictures = [], opens_at: opensAt } = input;
    const drop = {
      id,
      builderId: input.builder_discord_id,
      ...text,
      price: input.price,
      currency: deps.config.SHOP_CURRENCY,
      plan: input.payment_plan,
      stock: input.quantity,
      limitPerBuyer: input.limit_per_buyer,
      isDraft: input.draft === true || opensAt !== undefined,
      opensAt: opensAt === undefined ? undefined : new Date(opensAt),
      createdAt: deps.clock.now(),
    };
    const result = await makeDrop({ drop, made: before, pictures }, deps);
    switch (result.outcome) {
      case "made":
        return { answer: await viewOfDrop(result.drop, deps) };
      case "no-terms":
        return { refusal: "no-terms", error: "The builder has no terms yet: see /c500 shipping." };
      case "picture-gone":
        return { refusal: "bad-picture", error: "A picture can't be fetched, or isn't one." };
      case "needs-dms":
        return { refusal: "needs-dms", error: draftRefusalTexts["needs-dms"] };
      case "cannot-post":
        return cannotPost(deps);
    }
  },
});

/** Why nothing is made. What an earlier request has begun is finished, however its builder stands by now. */
async function findRefusal(
  { builder_discord_id: builderId, opens_at: opensAt }: z.output<typeof input>,
  before: Drop | undefined,
  deps: CreateDropDeps,
) {
  if (before) {
    const isUnposted = before.isClosed && before.draftState === undefined;
    return isUnposted ? cannotPost(deps) : undefined;
  }
  const problem = opensAt && findTimeProblem(new Date(opensAt), deps.clock.now());
  if (problem) return { refusal: "bad-time", error: problem } as const;
  const refusal = standingRefusal(await deps.builders.standing(builderId), builderWords);
  if (refusal !== undefined) return { refusal: "not-approved", error: refusal } as const;
  const builder = await deps.builders.get(builderId);
  if (builder?.account?.state === "ACTIVE") return undefined;
  const error = "The builder cannot be paid yet: see /c500 payouts.";
  return { refusal: "no-account", error } as const;
}

function cannotPost({ config }: Pick<Deps, "config">) {
  const error = cannotPostText(config.DISCORD_MARKETPLACE_CHANNEL_ID);
  return { refusal: "cannot-post", error } as const;
}
