import { Timestamp } from "@google-cloud/firestore";
import type { QueryDocumentSnapshot } from "../../shared/ports/database.ts";

/** A body as it was sent, or a document as it was stored, with its `path` and `fields`. */
export type Example = Readonly<Record<string, unknown>>;

/** How an example's JSON represents a time. */
const TIME_KEY = "$time";
/** This many are enough to show a shape; all states of a large document would fill pages. */
const MAX_EXAMPLES = 12;

/** A stored document as an example. */
export function toExample(document: QueryDocumentSnapshot): Example {
  return { path: document.ref.path, fields: toJson(document.data()) };
}

/** A document's fields as they were stored, from an example. */
export function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== "object" || value === null) return value;
  if (TIME_KEY in value) return Timestamp.fromDate(new Date(String(value[TIME_KEY])));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fromJson(each)]));
}

function toJson(value: unknown): unknown {
  if (value instanceof Timestamp) return { [TIME_KEY]: value.toDate().toISOString() };
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toJson(each)]));
}

/** The version an example names, if any. */
export function versionOf(example: Example): unknown {
  const { fields } = example;
  const isDocument = typeof fields === "object" && fields !== null && "path" in example;
  return isDocument ? (fields as Example)["schema_version"] : example["v"];
}

/** A small set of the examples that shows every field in every form in which it occurs. */
export function whatShowsAll(examples: readonly Example[]): Example[] {
  const shown = new Set<string>();
  const chosen = examples.filter((example) => {
    const forms = [...formsOf("", example["fields"] ?? example)];
    const isNew = forms.some((form) => !shown.has(form));
    for (const form of forms) shown.add(form);
    return isNew;
  });
  return chosen.slice(0, MAX_EXAMPLES);
}

/** Each field with the kind of its value. A short word is one of a few states, and counts as a kind of its own. */
function* formsOf(path: string, value: unknown): Generator<string> {
  if (Array.isArray(value)) {
    yield `${path}[]`;
    for (const each of value) yield* formsOf(`${path}[]`, each);
  } else if (typeof value === "object" && value !== null) {
    yield `${path}{}`;
    for (const [key, each] of Object.entries(value)) {
      // Ids used as keys are not fields.
      yield* formsOf(`${path}.${/\d{6}/.test(key) ? "ID" : key}`, each);
    }
  } else {
    const isWord = typeof value === "string" && /^[a-z]+([._-][a-z]+)*$/.test(value);
    yield `${path}=${isWord ? value : value === null ? "null" : typeof value}`;
  }
}
