import { defineDocument } from "../../../shared/documents/define-document.ts";
import { person, text, time } from "../../../shared/documents/fields.ts";

export const dropWaitDocument = defineDocument({
  collection: "drop_waits",
  about: "Somebody who wants one message when a drop that is sold out has units again.",
  key: { what: "the drop's id and the Discord user id" },
  kept: "until that message is sent, or the person leaves the list",
  exportedIn: ["drops_waited_for"],
  fields: {
    dropId: text("drop_id"),
    userId: person("user_id", { erase: "delete-document", export: "included" }),
    /** The first to wait are the first to be notified. */
    since: time("since"),
  },
});
