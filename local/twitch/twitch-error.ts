import { STATUS_CODES } from "node:http";

/** An error response: the HTTP status and the message in its body. */
export class TwitchError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Helix's body for an error. */
export function helixError(status: number, message: string) {
  return { error: STATUS_CODES[status] ?? "", status, message };
}
