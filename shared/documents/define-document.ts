import type {
  CollectionReference,
  DocumentData,
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  Precondition,
  QueryDocumentSnapshot,
  WriteResult,
} from "../ports/database.ts";
import { NewerVersionError, TerminalError } from "../runtime/errors.ts";
import { once } from "../runtime/lazy.ts";
import type { Fields, PersonalRules } from "./fields.ts";
import {
  type Changes,
  type FieldsDocument,
  type PartDocument,
  type Reader,
  readerOf,
  type Stored,
  type WriteFields,
  writerOf,
} from "./fields-codec.ts";
import { currentVersion, type Upgrade, upgrade } from "./version.ts";

/** The field that names the version of a document's shape. */
export const VERSION_FIELD = "schema_version";

/** The key of a document: a description, and rules if it is a person's id. */
export interface Key {
  readonly what: string;
  readonly personal?: PersonalRules;
}

/** A feature's description of one of its collections. */
interface Description<F extends Fields> {
  /** Its path without ids: `orders`, `orders/refunds`. */
  readonly collection: string;
  /** What one document is, and what it is for. */
  readonly about: string;
  readonly key: Key;
  /** How long documents are kept, and why. */
  readonly kept: string;
  /** The sections of the file of `/c500 my-data` that have its documents, or the person's part of them. */
  readonly exportedIn: readonly string[];
  /**
   * The upgrades from older versions to the current one. The version is the number of upgrades plus one; documents
   * without a version have the first. An update of single fields does not raise the version, so an upgrade must leave
   * fields alone that already have the new shape. Queries see what is stored: if a queried field changes, rewrite the
   * documents first.
   */
  readonly upgrades?: readonly Upgrade[];
  readonly fields: F;
}

/** What a transaction and a batch have in common. */
interface Writer {
  create(place: DocumentReference, fields: DocumentData): unknown;
  set(place: DocumentReference, fields: DocumentData): unknown;
  update(place: DocumentReference, fields: DocumentData, precondition?: Precondition): unknown;
}

/** A collection: reading, writing, its personal fields, and its description in `docs/reference/data.md`. */
export interface DocumentDefinition<F extends Fields = Fields> {
  readonly collection: string;
  readonly about: string;
  readonly key: Key;
  readonly kept: string;
  readonly exportedIn: readonly string[];
  readonly version: number;
  readonly upgrades: readonly Upgrade[];
  readonly fields: F;

  /** The collection itself; a subcollection is in the document with these ids. */
  all(firestore: Firestore, ...ids: readonly string[]): CollectionReference;
  /** The reference to the document with these ids. */
  place(firestore: Firestore, ...ids: readonly string[]): DocumentReference;

  /**
   * Reads a document, of this version or an older one. Throws TerminalError naming the document and the bad
   * fields, because retries cannot repair a malformed document. Throws NewerVersionError for a document that later
   * code has written.
   */
  read(snapshot: DocumentSnapshot): { readonly id: string } & FieldsDocument<F>;
  /** A document, or nothing if it is malformed, so that one bad document does not hide the others. */
  readable(snapshot: DocumentSnapshot): ({ readonly id: string } & FieldsDocument<F>)[];
  /**
   * Compiles a reader of only these fields; the others may be malformed. All fields of a missing document are
   * absent.
   */
  part<Name extends keyof F & string>(
    ...names: readonly Name[]
  ): (snapshot: DocumentSnapshot) => PartDocument<F, Name>;
  /** A reader that returns those of these fields that are valid, even if the document is malformed. */
  remainder<Name extends keyof F & string>(
    ...names: readonly Name[]
  ): (snapshot: DocumentSnapshot) => Partial<PartDocument<F, Name>>;

  /** Changes in their stored form, by stored names. */
  toStored(changes: Changes<F>): Record<string, unknown>;
  /** Creates a document with the version of its shape; the commit fails if it exists. */
  create(writer: Writer, place: DocumentReference, fields: WriteFields<F>): void;
  /** Creates or replaces a whole document, with the version of its shape. */
  set(writer: Writer, place: DocumentReference, fields: WriteFields<F>): void;
  /** Changes fields; one that is given as undefined is stored as null. */
  update(
    writer: Writer,
    place: DocumentReference,
    changes: Changes<F>,
    precondition?: Precondition,
  ): void;
  /** Changes or creates a document; the commit fails if another writer has changed it since it was read. */
  put(writer: Writer, read: DocumentSnapshot, fields: WriteFields<F>): void;
  /** Changes fields of a document, and creates it if it does not exist. */
  merge(firestore: Firestore, place: DocumentReference, fields: WriteFields<F>): Promise<void>;
  /**
   * Changes a document as `decide` decides from what `read` reads, and returns what it was before; undefined if it does
   * not exist. If another writer was faster, it is read and decided again.
   *
   * For documents with many writers, because it takes no lock. A function that dies in a transaction blocks the
   * documents that it has read until Firestore ends the transaction, a minute later.
   */
  changeUnlocked<Read>(
    place: DocumentReference,
    read: (snapshot: DocumentSnapshot) => Read,
    decide: (document: Read) => Changes<F> | undefined,
  ): Promise<Read | undefined>;
  /** Creates a document in its own commit; false if it existed already, which makes a repeat harmless. */
  createNow(place: DocumentReference, fields: WriteFields<F>): Promise<boolean>;
  /** Creates or replaces a whole document in its own commit. */
  setNow(place: DocumentReference, fields: WriteFields<F>): Promise<void>;
  /** Changes fields in its own commit. */
  updateNow(
    place: DocumentReference,
    changes: Changes<F>,
    precondition?: Precondition,
  ): Promise<WriteResult>;
}

/** The type of a definition's documents when read. */
export type DocumentOf<D> =
  D extends DocumentDefinition<infer F> ? { readonly id: string } & FieldsDocument<F> : never;

/** The type of a new document of a definition; what the definition does not require may be left out. */
export type NewOf<D> =
  D extends DocumentDefinition<infer F> ? { readonly id: string } & WriteFields<F> : never;

/** The type of changes to a definition's documents. */
export type ChangesOf<D> = D extends DocumentDefinition<infer F> ? Changes<F> : never;

/** Defines a collection: the only place that describes its documents. */
export function defineDocument<const F extends Fields>({
  upgrades = [],
  ...description
}: Description<F>): DocumentDefinition<F> {
  const { collection, fields } = description;
  const names = collection.split("/");
  const version = currentVersion(upgrades);
  // Most starts of a function read and write few of the collections that it knows.
  const whole = once(() => readerOf(fields));
  const writer = once(() => writerOf(fields));
  const toStored = (given: object) => writer()(given);
  const versioned = (given: object) => ({ ...toStored(given), [VERSION_FIELD]: version });
  const pathOf = (ids: readonly string[]) =>
    names.flatMap((name, depth) => [name, ids[depth] ?? []].flat()).join("/");

  const entriesOf = (names: readonly string[]) =>
    Object.entries(fields).filter(([name]) => names.includes(name));

  const read = (snapshot: DocumentSnapshot) => ({
    id: snapshot.id,
    ...(readBy(whole(), snapshot, upgrades) as FieldsDocument<F>),
  });

  return {
    ...description,
    upgrades,
    version,
    all: (firestore, ...ids) => firestore.collection(pathOf(ids)),
    place: (firestore, ...ids) => firestore.doc(pathOf(ids)),
    read,

    readable(snapshot) {
      try {
        return [read(snapshot)];
      } catch (error) {
        if (error instanceof TerminalError) return [];
        throw error;
      }
    },

    part(...chosen) {
      const reader = once(() =>
        readerOf(Object.fromEntries(entriesOf(chosen)), { withApart: true }),
      );
      return (snapshot) => readBy(reader(), snapshot, upgrades) as never;
    },

    remainder(...chosen) {
      const readers = once(() =>
        entriesOf(chosen).map((entry) =>
          readerOf(Object.fromEntries([entry]), { withApart: true }),
        ),
      );
      return (snapshot) => {
        const stored = upToDate(snapshot, upgrades) ?? snapshot.data() ?? {};
        const valid = readers().filter((reader) => reader.malformedIn(stored).length === 0);
        return Object.assign({}, ...valid.map((reader) => reader.decode(stored)));
      };
    },

    toStored,
    create: (writer, place, given) => void writer.create(place, versioned(given)),
    set: (writer, place, given) => void writer.set(place, versioned(given)),
    update: (writer, place, changes, precondition) =>
      void (precondition
        ? writer.update(place, toStored(changes), precondition)
        : writer.update(place, toStored(changes))),

    put(writer, { ref, exists, updateTime }, given) {
      if (exists && updateTime) writer.update(ref, toStored(given), { lastUpdateTime: updateTime });
      else writer.create(ref, versioned(given));
    },

    merge: (firestore, place, given) =>
      firestore.runTransaction(async (transaction) => {
        if ((await transaction.get(place)).exists) transaction.update(place, toStored(given));
        else transaction.create(place, versioned(given));
      }),

    async changeUnlocked(place, readOne, decide) {
      for (let attempt = 1; ; attempt += 1) {
        const snapshot = await place.get();
        if (!snapshot.updateTime) return undefined;
        const document = readOne(snapshot);
        const changes = decide(document);
        if (!changes) return document;
        try {
          await place.update(toStored(changes), { lastUpdateTime: snapshot.updateTime });
          return document;
        } catch (error) {
          if (!isConflict(error) || attempt === MAX_TRIES) throw error;
        }
      }
    },

    createNow: (place, given) => unlessThere(place.create(versioned(given))),
    setNow: async (place, given) => void (await place.set(versioned(given))),
    updateNow: (place, changes, precondition) =>
      precondition
        ? place.update(toStored(changes), precondition)
        : place.update(toStored(changes)),
  };
}

/** Copies a document as it is stored, in any version. */
export function copyDocument(
  writer: Writer,
  from: QueryDocumentSnapshot,
  to: DocumentReference,
): void {
  writer.set(to, from.data());
}

/** https://grpc.io/docs/guides/status-codes/ */
const ALREADY_EXISTS = 6;
/** With it: NOT_FOUND, FAILED_PRECONDITION and ABORTED. */
const CONFLICTS: ReadonlySet<unknown> = new Set([5, ALREADY_EXISTS, 9, 10]);
/** Each failed try means that another writer changed the document. */
const MAX_TRIES = 20;

/** Whether a commit failed because another writer has created, changed or deleted one of its documents. */
export function isConflict(error: unknown): boolean {
  return CONFLICTS.has((error as { code?: unknown }).code);
}

/** Waits for a commit that creates documents; false if one of them existed already. */
export async function unlessThere(commit: Promise<unknown>): Promise<boolean> {
  try {
    await commit;
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === ALREADY_EXISTS) return false;
    throw error;
  }
}

function readBy(
  reader: Reader,
  snapshot: DocumentSnapshot,
  upgrades: readonly Upgrade[],
): Record<string, unknown> {
  const stored = upToDate(snapshot, upgrades);
  const malformed = stored ? reader.malformedIn(stored) : [VERSION_FIELD];
  if (stored && malformed.length === 0) return reader.decode(stored);
  throw new TerminalError(
    `Document ${snapshot.ref.path} is malformed in: ${malformed.join(", ")}.`,
  );
}

function upToDate(snapshot: DocumentSnapshot, upgrades: readonly Upgrade[]): Stored | undefined {
  const data = snapshot.data() ?? {};
  const current = currentVersion(upgrades);
  if (data[VERSION_FIELD] === current) return data;
  const upgraded = upgrade(data, VERSION_FIELD, upgrades);
  if (upgraded.ok) return upgraded.fields;
  if (upgraded.why === "malformed") return undefined;
  throw new NewerVersionError(`Document ${snapshot.ref.path}`, upgraded.version, current);
}
