import { createConnection, type Socket } from "node:net";
import type { Command } from "../engine.ts";
import type { Reply } from "../reply.ts";
import { encodeCommands, ReplyReader } from "./resp.ts";

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** A connection to redis-server. Commands are sent immediately and answered in order. */
export class RedisConnection {
  readonly #socket: Socket;
  readonly #reader = new ReplyReader();
  #waiting: Waiting[] = [];
  #lost: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      for (const reply of this.#reader.push(chunk)) this.#waiting.shift()?.resolve(reply);
    });
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("The connection to redis-server is closed.")));
  }

  static async open(socketPath: string): Promise<RedisConnection> {
    const socket = createConnection(socketPath);
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.off("error", reject);
        resolve();
      });
    });
    return new RedisConnection(socket);
  }

  /**
   * Sends all commands in one write, so that no other command of this connection runs in between.
   */
  send(commands: readonly Command[]): Promise<Reply[]> {
    if (this.#lost) return Promise.reject(this.#lost);
    const replies = commands.map(
      () => new Promise<Reply>((resolve, reject) => this.#waiting.push({ resolve, reject })),
    );
    this.#socket.write(encodeCommands(commands));
    return Promise.all(replies);
  }

  close(): void {
    this.#socket.destroy();
  }

  #fail(error: Error): void {
    this.#lost ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#lost);
  }
}
