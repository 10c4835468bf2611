import { STATUS_CODES } from "node:http";

/** A refusal with an HTTP status and the message its answer carries. */
export class TwitchError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The body Helix answers an error with. */
export function helixError(status: number, message: string) {
  return { error: STATUS_CODES[status] ?? "", status, message };
}
