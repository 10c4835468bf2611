import * as z from "zod/mini";
import { cannotPostText } from "../../../../shared/discord/cannot-post.ts";
import { builderWords, standingRefusal } from "../../../members/messages/access.ts";
import {
  DEFAULT_LIMIT_PER_BUYER,
  MAX_DESCRIPTION_LENGTH,
  MAX_LIMIT_PER_BUYER,
  MAX_PRICE,
  MAX_STOCK,
  MAX_TITLE_LENGTH,
  MIN_PRICE,
  readDropText,
} from "../../../shop/domain/drop.ts";
import { openNow } from "../../../shop/drops/open-now.ts";
import type { PostDropDeps } from "../../../shop/drops/post-drop.ts";
import type { Deps } from "../../deps.ts";
import { defineRoute, idOfCall } from "../define-route.ts";
import { dropView, viewOfDrop } from "../drop-view.ts";
import { person } from "../fields.ts";

type CreateDropDeps = PostDropDeps & Pick<Deps, "buildersTerms" | "config" | "clock">;

/**
 * Puts a drop without pictures on sale and posts it. Idempotency: the key and the input give the drop its id; a repeat
 * finds it and its post. Crash safety: the repeat posts it. Late: a repeat after the drop was closed answers it closed.
 */
export const createDrop = defineRoute({
  method: "POST",
  path: "/api/internal/create-drop",
  operationId: "createDrop",
  does: "Puts a drop without pictures on sale and posts it, as `/c500 drop` does, on the builder's shipping terms.",
  key: {
    isRequired: true,
    does: "Required, one for each drop. A repeated request gets the same drop.",
  },
  input: z.object({
    builder_discord_id: person("The builder"),
    title: z.string().check(z.describe(`At most ${MAX_TITLE_LENGTH} characters`)),
    description: z._default(
      z.string().check(z.describe(`At most ${MAX_DESCRIPTION_LENGTH} characters`)),
      "",
    ),
    price: z.int().check(z.gte(MIN_PRICE), z.lte(MAX_PRICE), z.describe("Minor units")),
    quantity: z.int().check(z.gte(1), z.lte(MAX_STOCK)),
    limit_per_buyer: z._default(
      z.int().check(z.gte(1), z.lte(MAX_LIMIT_PER_BUYER)),
      DEFAULT_LIMIT_PER_BUYER,
    ),
    payment_plan: z
      .enum(["split", "held"])
      .check(z.describe("split: ready to ship, held: made to order")),
  }),
  answer: dropView,
  errors: {
    "bad-text": { status: 400, when: "the title is empty, or a text is too long" },
    "not-approved": { status: 403, when: "the builder may not sell now, or there is none" },
    "no-account": { status: 409, when: "the builder cannot be paid yet" },
    "cannot-post": { status: 502, when: "Discord does not let the bot post in the marketplace" },
  },
  run: async ({ input, key }, deps: CreateDropDeps) => {
    const text = readDropText(input);
    if (!("title" in text)) return { refusal: "bad-text", error: text.join(" ") };
    const { builder_discord_id: builderId } = input;
    const id = idOfCall(key, builderId, JSON.stringify(input));
    const before = await deps.drops.get(id);
    if (before?.post) return { answer: await viewOfDrop(before, deps) };

    const channelId = deps.config.DISCORD_MARKETPLACE_CHANNEL_ID;
    if (before?.isClosed) return { refusal: "cannot-post", error: cannotPostText(channelId) };
    const refusal = standingRefusal(await deps.builders.standing(builderId), builderWords);
    if (refusal !== undefined && !before) return { refusal: "not-approved", error: refusal };
    const builder = await deps.builders.get(builderId);
    if (!before && builder?.account?.state !== "ACTIVE") {
      return { refusal: "no-account", error: "The builder cannot be paid yet: see /c500 payouts." };
    }
    const drop = {
      id,
      builderId,
      ...text,
      price: input.price,
      currency: deps.config.SHOP_CURRENCY,
      plan: input.payment_plan,
      stock: input.quantity,
      limitPerBuyer: input.limit_per_buyer,
      shipping: await deps.buildersTerms.get(builderId),
      isDraft: false,
      opensAt: undefined,
      preview: undefined,
      hasImage: false,
      imageCount: 0,
      createdAt: deps.clock.now(),
    };
    const opened = await openNow(drop, [], deps);
    if (!opened) return { refusal: "cannot-post", error: cannotPostText(channelId) };
    return { answer: await viewOfDrop(opened, deps) };
  },
});
