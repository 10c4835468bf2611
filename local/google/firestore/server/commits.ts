import { randomBytes } from "node:crypto";
import { status } from "@grpc/grpc-js";
import { toStatus } from "../../../kit/google/rpc.ts";
import { GrpcError, invalidArgument } from "../grpc-error.ts";
import type { Concurrency } from "../transactions/concurrency.ts";
import type { Committed } from "../transactions/pending-commit.ts";
import type { Transaction } from "../transactions/transaction.ts";
import type { StoredDocument } from "../types.ts";
import { type CompiledWrite, compileWrites } from "../writes/compile.ts";
import type { Write, WriteResult } from "../writes/messages.ts";
import type {
  BatchWriteRequest,
  BeginTransactionRequest,
  CommitRequest,
  CreateDocumentRequest,
  DeleteDocumentRequest,
  RollbackRequest,
  UpdateDocumentRequest,
} from "./messages.ts";
import { compileMask, databaseOf, masked } from "./reads.ts";
import type { Views } from "./view.ts";

const AUTO_ID_LENGTH = 20;
const AUTO_ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** The calls that change documents, and those that begin and end transactions. */
export class Commits {
  #views: Views;
  #concurrency: Concurrency;

  constructor(views: Views, concurrency: Concurrency) {
    this.#views = views;
    this.#concurrency = concurrency;
  }

  beginTransaction({ database, options }: BeginTransactionRequest): { transaction: Buffer } {
    return { transaction: this.#views.begin(this.#views.database(database), options).id };
  }

  rollback({ database, transaction }: RollbackRequest): object {
    this.#concurrency.rollback(this.#views.database(database), transaction);
    return {};
  }

  async commit(
    request: CommitRequest,
  ): Promise<{ writeResults: readonly WriteResult[]; commitTime: Committed["commitTime"] }> {
    const database = this.#views.database(request.database);
    const transaction =
      request.transaction.length === 0
        ? undefined
        : this.#concurrency.use(database, request.transaction);
    const { results, commitTime } = await this.#apply(
      request.database,
      compileWrites(request.database, request.writes),
      transaction,
    );
    return { writeResults: results, commitTime };
  }

  /** Commits each write separately, with its own outcome. */
  async batchWrite({ database, writes }: BatchWriteRequest): Promise<object> {
    this.#views.database(database);
    const compiled = compileWrites(database, writes);
    if (new Set(compiled.map(({ name }) => name)).size < compiled.length) {
      throw invalidArgument(
        "the same document cannot be written more than once in a single request",
      );
    }
    const outcomes = await Promise.all(compiled.map((write) => this.#applyAlone(database, write)));
    return {
      writeResults: outcomes.map(({ result }) => result),
      status: outcomes.map((outcome) => outcome.status),
    };
  }

  async createDocument(request: CreateDocumentRequest): Promise<StoredDocument> {
    const id = request.documentId || autoId();
    const name = `${request.parent}/${request.collectionId}/${id}`;
    const fields = request.document?.fields ?? {};
    return this.#writeAndRead(
      { update: { name, fields }, currentDocument: { conditionType: "exists", exists: false } },
      request.mask,
    );
  }

  async updateDocument(request: UpdateDocumentRequest): Promise<StoredDocument> {
    if (request.document === null) throw invalidArgument("A document must be given.");
    const { updateMask, currentDocument, document } = request;
    return this.#writeAndRead({ update: document, updateMask, currentDocument }, request.mask);
  }

  async deleteDocument({ name, currentDocument }: DeleteDocumentRequest): Promise<object> {
    const database = databaseOf(name);
    this.#views.database(database);
    const write = { ...PLAIN_WRITE, operation: "delete", delete: name, currentDocument } as const;
    await this.#apply(database, compileWrites(database, [write]));
    return {};
  }

  async #writeAndRead(
    write: Partial<Write> & { readonly update: { name: string; fields: StoredDocument["fields"] } },
    mask: UpdateDocumentRequest["mask"],
  ): Promise<StoredDocument> {
    const { name } = write.update;
    const paths = compileMask(mask);
    const database = this.#views.database(databaseOf(name));
    const whole: Write = { ...PLAIN_WRITE, ...write, operation: "update", update: write.update };
    await this.#apply(database.name, compileWrites(database.name, [whole]));
    const written = database.get(name);
    if (written === undefined) {
      throw new GrpcError(status.ABORTED, `Document ${name} was deleted meanwhile.`);
    }
    return masked(written, paths);
  }

  async #applyAlone(
    database: string,
    write: CompiledWrite,
  ): Promise<{ result: WriteResult; status: { code: number; message: string } }> {
    try {
      const { results } = await this.#apply(database, [write]);
      return { result: results[0] ?? NO_RESULT, status: { code: status.OK, message: "" } };
    } catch (error) {
      const { code, details } = toStatus(error);
      return { result: NO_RESULT, status: { code, message: details } };
    }
  }

  async #apply(
    database: string,
    writes: readonly CompiledWrite[],
    transaction?: Transaction,
  ): Promise<Committed> {
    return this.#concurrency.commit(this.#views.database(database), writes, transaction);
  }
}

const NO_RESULT: WriteResult = { updateTime: null, transformResults: [] };

const PLAIN_WRITE = { updateMask: null, updateTransforms: [], currentDocument: null } as const;

function autoId(): string {
  return [...randomBytes(AUTO_ID_LENGTH)]
    .map((byte) => AUTO_ID_ALPHABET[byte % AUTO_ID_ALPHABET.length])
    .join("");
}
