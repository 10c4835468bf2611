import { status } from "@grpc/grpc-js";

/** A refusal with the gRPC status code that the real service gives, for the server to pass to the client. */
export class GrpcError extends Error {
  readonly code: status;

  constructor(code: status, message: string) {
    super(message);
    this.name = "GrpcError";
    this.code = code;
  }
}

/** The refusal of a malformed request, code 3. */
export function invalidArgument(message: string): GrpcError {
  return new GrpcError(status.INVALID_ARGUMENT, message);
}
