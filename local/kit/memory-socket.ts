import { Duplex } from "node:stream";

type Done = (error?: Error | null) => void;

/** What happens at the other end of a connection in memory. */
interface OtherEnd {
  /** Bytes were sent to it; `done` asks for more. */
  receive(bytes: Buffer, done: Done): void;
  /** The server is ready to read more of a request. */
  resume(): void;
}

/**
 * The server's end of a connection that is no socket: what Node's HTTP classes, Express and handlers use of
 * `net.Socket`. Nothing times out on it.
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
    // Requests are pushed into their IncomingMessage.
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#otherEnd.receive(bytes, done);
  }

  override _writev(pieces: { chunk: Buffer }[], done: Done): void {
    this.#otherEnd.receive(Buffer.concat(pieces.map(({ chunk }) => chunk)), done);
  }
}
