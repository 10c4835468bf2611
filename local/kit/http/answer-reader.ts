/** The status line and headers of an HTTP response. */
export interface AnswerHead {
  readonly status: number;
  readonly statusText: string;
  /** As sent; a name may occur several times. */
  readonly headers: [string, string][];
  /** Whether the connection can be reused. */
  readonly isKeptAlive: boolean;
}

/** Receives the parts of a response as they are parsed. */
interface AnswerListener {
  /** An interim response (1xx). */
  information(status: number): void;
  head(head: AnswerHead): void;
  data(bytes: Buffer): void;
  /** The response is complete. */
  end(): void;
}

const LINE_END = "\r\n";
const NO_BYTES = Buffer.alloc(0);
const FIRST_FINAL_STATUS = 200;
/** https://www.rfc-editor.org/rfc/rfc9110#section-6.4.1 */
const BODILESS_STATUSES = [204, 304];
const HEXADECIMAL = 16;

type Step = "head" | "counted" | "chunk-size" | "chunk" | "chunk-end" | "trailers" | "until-close";

/**
 * Parses the HTTP/1.1 bytes of one response, as Node's ServerResponse writes them.
 * https://www.rfc-editor.org/rfc/rfc9112
 */
export class AnswerReader {
  #method: string;
  #listener: AnswerListener;
  #unread: Buffer = NO_BYTES;
  #step: Step | "done" = "head";
  #left = 0;

  constructor(method: string, listener: AnswerListener) {
    this.#method = method;
    this.#listener = listener;
  }

  read(bytes: Buffer): void {
    this.#unread = this.#unread.length === 0 ? bytes : Buffer.concat([this.#unread, bytes]);
    while (this.#step !== "done" && this.#advance(this.#step));
  }

  /** The server has closed the connection, which completes a body without a length. */
  close(): void {
    if (this.#step === "until-close") this.#end();
  }

  /** Parses one part. Returns false when it needs more bytes. */
  #advance(step: Step): boolean {
    switch (step) {
      case "head":
        return this.#readHead();
      case "counted":
      case "chunk":
        return this.#readCounted(step);
      case "chunk-size": {
        const line = this.#take(LINE_END);
        if (line === undefined) return false;
        this.#left = Number.parseInt(line, HEXADECIMAL);
        this.#step = this.#left === 0 ? "trailers" : "chunk";
        return true;
      }
      case "chunk-end":
        if (this.#take(LINE_END) === undefined) return false;
        this.#step = "chunk-size";
        return true;
      case "trailers":
        if (this.#take(LINE_END) === "") this.#end();
        return this.#unread.length > 0;
      case "until-close":
        if (this.#unread.length > 0) this.#listener.data(this.#unread);
        this.#unread = NO_BYTES;
        return false;
    }
  }

  #readHead(): boolean {
    const text = this.#take(`${LINE_END}${LINE_END}`);
    if (text === undefined) return false;
    const [statusLine = "", ...lines] = text.split(LINE_END);
    const [, code, statusText = ""] = /^HTTP\/1\.1 (\d{3}) ?(.*)$/.exec(statusLine) ?? [];
    const status = Number(code);
    if (status < FIRST_FINAL_STATUS) {
      this.#listener.information(status);
      return true;
    }
    const headers = lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
    const find = (name: string) => headers.find(([each]) => each.toLowerCase() === name)?.[1];
    const isKeptAlive = find("connection") !== "close";
    this.#listener.head({ status, statusText, headers, isKeptAlive });
    this.#step = this.#bodyOf(status, find);
    return true;
  }

  #bodyOf(status: number, find: (name: string) => string | undefined): Step {
    if (this.#method === "HEAD" || BODILESS_STATUSES.includes(status)) return "counted";
    if (find("transfer-encoding") === "chunked") return "chunk-size";
    const length = find("content-length");
    if (length === undefined) return "until-close";
    this.#left = Number(length);
    return "counted";
  }

  #readCounted(step: "counted" | "chunk"): boolean {
    const bytes = this.#unread.subarray(0, this.#left);
    this.#unread = this.#unread.subarray(bytes.length);
    this.#left -= bytes.length;
    if (bytes.length > 0) this.#listener.data(bytes);
    if (this.#left > 0) return false;
    if (step === "chunk") this.#step = "chunk-end";
    else this.#end();
    return true;
  }

  #end(): void {
    this.#step = "done";
    this.#listener.end();
  }

  /** Consumes the text up to a delimiter and the delimiter; undefined while it has not arrived. */
  #take(mark: string): string | undefined {
    const at = this.#unread.indexOf(mark);
    if (at < 0) return undefined;
    const text = this.#unread.toString("latin1", 0, at);
    this.#unread = this.#unread.subarray(at + mark.length);
    return text;
  }
}
