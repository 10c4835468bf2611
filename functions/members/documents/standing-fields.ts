import { defineDocument } from "../../../shared/documents/define-document.ts";
import {
  fallback,
  group,
  integer,
  oneOf,
  optional,
  person,
  personal,
  text,
  time,
} from "../../../shared/documents/fields.ts";
import { standingStates } from "../domain/standing.ts";

const THEIRS = { erase: "delete-document", export: "included" } as const;

/** Someone's standing. Documents from before standings existed count as unproved. */
export const standing = group({
  state: fallback(personal(oneOf("standing", standingStates), THEIRS), "unproved"),
  reason: optional(personal(text("standing_reason"), THEIRS)),
  version: fallback(integer("standing_version"), 0),
});

/** One change of a standing. */
const change = {
  from: optional(oneOf("from", standingStates)),
  to: oneOf("to", standingStates),
  /** Who did it: the person themselves, or a member of staff. */
  byId: person("by_id", { erase: "replace-with-alias", export: "included" }),
  reason: optional(personal(text("reason"), THEIRS)),
  at: time("at"),
  version: integer("version"),
};

export const builderStandingDocument = defineDocument({
  collection: "builders/standings",
  about: "One change of a builder's standing: who made it, and why.",
  key: {
    what: "the interaction that made it; the path has the builder's Discord user id",
    personal: THEIRS,
  },
  kept: "until the builder is forgotten",
  exportedIn: ["builder_standings"],
  fields: change,
});

export const hostStandingDocument = defineDocument({
  collection: "hosts/standings",
  about: "One change of a host's standing: who made it, and why.",
  key: {
    what: "the interaction that made it; the path has the host's Discord user id",
    personal: THEIRS,
  },
  kept: "until the host is forgotten",
  exportedIn: [],
  fields: change,
});
