import type {
  DocumentData,
  DocumentReference,
  Precondition,
  WriteBatch,
  WriteResult,
} from "../../../../../shared/ports/database.ts";
import type { Timestamp as StoredTimestamp } from "../../types.ts";
import type { Write } from "../../writes/messages.ts";
import type { DirectFirestore } from "../direct-firestore.ts";
import { assertDocument } from "../document.ts";
import { DirectTimestamp } from "../timestamp.ts";
import { createWrite, deleteWrite, setWrite, updateWrite } from "./writes.ts";

/** A batch of writes; they are checked when added and encoded when committed. */
export class DirectBatch implements WriteBatch {
  readonly #firestore: DirectFirestore;
  readonly #writes: (() => Write)[] = [];
  #isCommitted = false;

  constructor(firestore: DirectFirestore) {
    this.#firestore = firestore;
  }

  get isEmpty(): boolean {
    return this.#writes.length === 0;
  }

  create(place: DocumentReference, data: DocumentData): this {
    const encode = createWrite(assertDocument("documentRef", place), data);
    return this.#add(encode);
  }

  set(place: DocumentReference, data: DocumentData): this {
    const encode = setWrite(assertDocument("documentRef", place), data);
    return this.#add(encode);
  }

  update(place: DocumentReference, data: DocumentData, ...precondition: [Precondition?]): this {
    const document = assertDocument("documentRef", place);
    this.#assertNotCommitted();
    return this.#add(updateWrite(document, data, precondition));
  }

  delete(place: DocumentReference, precondition?: Precondition): this {
    const encode = deleteWrite(assertDocument("documentRef", place), precondition);
    return this.#add(encode);
  }

  /** Commits on its own. Returns one result per write. */
  async commit(): Promise<WriteResult[]> {
    const { writeResults, commitTime } = await this.commitIn(undefined);
    return writeResults.map(({ updateTime }) => writeResult(updateTime ?? commitTime));
  }

  /** Commits as the end of a transaction, or on its own without one. */
  async commitIn(
    transaction: { readonly id: Buffer | undefined } | undefined,
  ): ReturnType<DirectFirestore["calls"]["commit"]> {
    this.#isCommitted = true;
    // Google's client encodes one turn later, so changes made until then are written.
    await Promise.resolve();
    return this.#firestore.calls.commit(
      {
        database: this.#firestore.name,
        writes: this.#writes.map((encode) => encode()),
        transaction: transaction?.id ?? Buffer.alloc(0),
      },
      { isPlain: transaction === undefined },
    );
  }

  /** Clears the batch for another attempt. */
  reset(): void {
    this.#writes.length = 0;
    this.#isCommitted = false;
  }

  #add(encode: () => Write): this {
    this.#assertNotCommitted();
    this.#writes.push(encode);
    return this;
  }

  #assertNotCommitted(): void {
    if (this.#isCommitted) {
      throw new Error("Cannot modify a WriteBatch that has been committed.");
    }
  }
}

function writeResult(time: StoredTimestamp | null): WriteResult {
  if (time === null) throw new Error("A write has no time.");
  return { writeTime: DirectTimestamp.fromStored(time) };
}
