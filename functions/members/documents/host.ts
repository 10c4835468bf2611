import { defineDocument } from "../../../shared/documents/define-document.ts";
import { readApart, time } from "../../../shared/documents/fields.ts";
import { standing } from "./standing-fields.ts";

export const hostDocument = defineDocument({
  collection: "hosts",
  about: "Someone who may host races, or asks to.",
  key: { what: "Discord user id", personal: { erase: "delete-document", export: "included" } },
  kept: "until the host is forgotten",
  exportedIn: ["host_of_races"],
  fields: { standing, askedAt: readApart(time("asked_at")) },
});
