import { Duplex } from "node:stream";

type Done = (error?: Error | null) => void;

/** Callbacks of the other end of an in-memory connection. */
interface OtherEnd {
  /** Data arrived; `done` asks for more. */
  receive(bytes: Buffer, done: Done): void;
  /** The server is ready to read more of a request. */
  resume(): void;
}

/**
 * The server's end of an in-memory connection. It offers the part of `net.Socket` that Node's HTTP
 * classes, Express and handlers use. It never times out.
 */
export class MemorySocket extends Duplex {
  readonly remoteAddress = "127.0.0.1";
  readonly encrypted = false;
  #otherEnd: OtherEnd;

  constructor(otherEnd: OtherEnd) {
    super({ autoDestroy: false });
    this.#otherEnd = otherEnd;
  }

  /** Node's requests call it when they are read. */
  override resume(): this {
    this.#otherEnd.resume();
    return this;
  }

  setTimeout(): this {
    return this;
  }

  override _read(): void {
    // Node pushes requests into their IncomingMessage itself, so there is nothing to read.
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#otherEnd.receive(bytes, done);
  }

  override _writev(pieces: { chunk: Buffer }[], done: Done): void {
    this.#otherEnd.receive(Buffer.concat(pieces.map(({ chunk }) => chunk)), done);
  }
}
