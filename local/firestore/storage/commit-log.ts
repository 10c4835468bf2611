import {
  closeSync,
  existsSync,
  fdatasync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { crc32 } from "node:zlib";
import type { StoredDocument } from "../types.ts";
import type { Change, Database } from "./database.ts";

/** What a commit left behind: each document it touched, whole, or the name of one it deleted. */
export interface CommitRecord {
  readonly database: string;
  readonly writes: readonly RecordedWrite[];
}

/** One document of a record. */
export type RecordedWrite =
  | { readonly operation: "update"; readonly update: StoredDocument }
  | { readonly operation: "delete"; readonly delete: string };

/** Turns records into bytes and back. */
export interface RecordCodec {
  encode(record: CommitRecord): Buffer;
  decode(bytes: Buffer): CommitRecord;
}

/** Who owns the documents that the log keeps. */
export interface LogOwner {
  restore(database: string, name: string, document: StoredDocument | undefined): void;
  all(): Iterable<Database>;
}

const FILE_NAME = "commits.log";
/** Length and checksum, four bytes each, before every record. */
const HEADER_BYTES = 8;
const DOCUMENTS_PER_RECORD = 200;
/** No file: writing to it fails. */
const CLOSED = -1;

const flushToDisk = promisify(fdatasync);

/**
 * The file in which commits outlive the process. A record cut short by a crash was never
 * acknowledged, and is dropped; opening the log rewrites it so that only living documents are left.
 */
export class CommitLog {
  #dataDir: string;
  #codec: RecordCodec;
  #file = CLOSED;
  #length = 0;
  #flush: Promise<void> | undefined;
  #nextFlush: Promise<void> | undefined;

  constructor(dataDir: string, codec: RecordCodec) {
    this.#dataDir = dataDir;
    this.#codec = codec;
  }

  /** Gives back to the owner all that was kept, then keeps what comes. */
  open(owner: LogOwner): void {
    mkdirSync(this.#dataDir, { recursive: true });
    const path = join(this.#dataDir, FILE_NAME);
    if (existsSync(path)) this.#replay(readFileSync(path), owner);
    const rewritten = `${path}.new`;
    this.#file = openSync(rewritten, "w");
    for (const database of owner.all()) this.#appendAll(database);
    fsyncSync(this.#file);
    renameSync(rewritten, path);
  }

  /** Hands a commit to the operating system: from here on it survives the end of this process. */
  append(database: string, changes: readonly Change[]): void {
    this.#write({
      database,
      writes: changes.map(({ name, after }) =>
        after === undefined
          ? { operation: "delete", delete: name }
          : { operation: "update", update: after },
      ),
    });
  }

  /** Resolves once all that was appended is on the disk. Calls that overlap share one flush. */
  flushed(): Promise<void> {
    this.#nextFlush ??= this.#flushAfter(this.#flush);
    return this.#nextFlush;
  }

  async close(): Promise<void> {
    await this.flushed();
    closeSync(this.#file);
    this.#file = CLOSED;
  }

  async #flushAfter(running: Promise<void> | undefined): Promise<void> {
    await running;
    this.#flush = this.#nextFlush;
    this.#nextFlush = undefined;
    await flushToDisk(this.#file);
  }

  #replay(bytes: Buffer, owner: LogOwner): void {
    for (const record of this.#records(bytes)) {
      for (const write of record.writes) {
        if (write.operation === "delete") owner.restore(record.database, write.delete, undefined);
        else owner.restore(record.database, write.update.name, write.update);
      }
    }
  }

  *#records(bytes: Buffer): Generator<CommitRecord> {
    for (let start = 0; start + HEADER_BYTES <= bytes.length; ) {
      const end = start + HEADER_BYTES + bytes.readUInt32LE(start);
      const payload = bytes.subarray(start + HEADER_BYTES, end);
      if (end > bytes.length || crc32(payload) !== bytes.readUInt32LE(start + 4)) return;
      yield this.#codec.decode(payload);
      start = end;
    }
  }

  #appendAll(database: Database): void {
    let writes: RecordedWrite[] = [];
    for (const update of database.all()) {
      writes.push({ operation: "update", update });
      if (writes.length < DOCUMENTS_PER_RECORD) continue;
      this.#write({ database: database.name, writes });
      writes = [];
    }
    if (writes.length > 0) this.#write({ database: database.name, writes });
  }

  #write(record: CommitRecord): void {
    const payload = this.#codec.encode(record);
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32LE(payload.length, 0);
    header.writeUInt32LE(crc32(payload), 4);
    const bytes = Buffer.concat([header, payload]);
    try {
      for (let written = 0; written < bytes.length; ) {
        const position = this.#length + written;
        written += writeSync(this.#file, bytes, written, bytes.length - written, position);
      }
      this.#length += bytes.length;
    } catch (error) {
      // Half a record would hide all that come after it.
      ftruncateSync(this.#file, this.#length);
      throw error;
    }
  }
}
