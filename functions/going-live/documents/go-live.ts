import { defineDocument } from "../../../shared/documents/define-document.ts";
import {
  optional,
  person,
  personal,
  shaped,
  text,
  timeMs,
} from "../../../shared/documents/fields.ts";
import { streamSchema } from "../../../shared/twitch/stream.ts";

const THEIRS = { erase: "delete-document", export: "included" } as const;

export const goLiveDocument = defineDocument({
  collection: "go_lives",
  about: "One verified `/c500 live`: what was asked, and which stream proved it.",
  key: { what: "the interaction, or the calling service's idempotency key" },
  kept: "until the builder is forgotten",
  exportedIn: ["streams_shown"],
  fields: {
    builderId: person("builder_id", THEIRS),
    context: text("context"),
    stream: personal(shaped("stream", "the stream as Twitch describes it", streamSchema), THEIRS),
    verifiedAtMs: timeMs("verified_at"),
    /** Edits the Discord answer; absent when another service asked. */
    interactionToken: optional(
      personal(text("interaction_token"), {
        erase: "delete-document",
        export: "left out: it edits the answer",
      }),
    ),
  },
});
