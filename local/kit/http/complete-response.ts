/**
 * A response whose whole body has arrived. It behaves like any other, but its text can be read without the stream that
 * `Response` creates for a body, which would cost as much as the rest of a call.
 */
export class CompleteResponse extends Response {
  readonly #bytes: Buffer<ArrayBuffer>;
  #isRead = false;
  /** Created for readers of anything but the text. */
  #streamed: Response | undefined;

  constructor(bytes: Buffer<ArrayBuffer>, init: ResponseInit) {
    super(null, init);
    this.#bytes = bytes;
  }

  override get body(): Response["body"] {
    return this.#withStream().body;
  }

  override get bodyUsed(): boolean {
    return this.#isRead || this.#streamed?.bodyUsed === true;
  }

  override async text(): Promise<string> {
    if (this.#isRead || this.#streamed) return this.#withStream().text();
    this.#isRead = true;
    return new TextDecoder().decode(this.#bytes);
  }

  override async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#withStream().arrayBuffer();
  }

  override async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#withStream().bytes();
  }

  override async blob(): Promise<Blob> {
    return this.#withStream().blob();
  }

  override async formData(): Promise<FormData> {
    return this.#withStream().formData();
  }

  override clone(): Response {
    return this.#withStream().clone();
  }

  #withStream(): Response {
    if (this.#isRead) throw new TypeError("Body is unusable: Body has already been read");
    this.#streamed ??= new Response(this.#bytes, this);
    return this.#streamed;
  }
}
