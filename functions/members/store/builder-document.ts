import type { DocumentSnapshot } from "../../../shared/ports/database.ts";
import { builderDocument } from "../documents/builder.ts";
import type { Builder } from "./builders.ts";

/** Reads a builder; undefined if there is none. Throws TerminalError that names the invalid fields. */
export function toBuilder(snapshot: DocumentSnapshot): Builder | undefined {
  return snapshot.exists ? builderDocument.read(snapshot) : undefined;
}
