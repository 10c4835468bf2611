import { z } from "zod/mini";
import { SUBSCRIPTION_STATUSES } from "../eventsub/subscription.ts";
import { TwitchError } from "../twitch-error.ts";

const text = z.optional(z.string());
const count = z.optional(z.int().check(z.nonnegative()));
const channel = { title: text, game_name: text, language: text };

/** Schemas of the control routes' bodies. */
export const controlBodies = {
  user: z.strictObject({
    id: z.string().check(z.regex(/^\d+$/)),
    login: z.string().check(z.regex(/^\w+$/)),
    display_name: text,
  }),
  channel: z.strictObject(channel),
  stream: z.strictObject({
    ...channel,
    login: z.string(),
    thumbnail_url: text,
    tags: z.optional(z.array(z.string())),
    viewer_count: count,
    type: z.optional(z.enum(["live", "playlist", "watch_party", "premiere", "rerun"])),
    keeps_video: z.optional(z.boolean()),
  }),
  video: z.strictObject({
    stream_id: z.string(),
    title: text,
    duration_ms: count,
    view_count: count,
  }),
  device: z.strictObject({ user_code: z.string(), login: z.string() }),
  signIn: z.strictObject({ url: z.url(), login: text }),
  repeat: z.strictObject({ message_id: z.string() }),
  revoke: z.strictObject({ subscription_id: z.string(), reason: z.enum(SUBSCRIPTION_STATUSES) }),
  notify: z.strictObject({
    callback: z.url(),
    secret: z.string(),
    type: z.string(),
    body: z.string(),
    message_type: z.optional(
      z.enum(["notification", "revocation", "webhook_callback_verification"]),
    ),
    version: text,
    timestamp: text,
    message_id: text,
    signature: text,
  }),
};

/** Parses the body of a control call. Throws an error that names the invalid field. */
export function readControlBody<T>(schema: z.ZodMiniType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new TwitchError(400, `${issue?.path.join(".") || "The body"}: ${issue?.message}.`);
}
