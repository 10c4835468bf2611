import { status } from "@grpc/grpc-js";
import { RpcError } from "../kit/rpc.ts";

/** A refusal with the gRPC status code that the real service gives, for the server to pass to the client. */
export class GrpcError extends RpcError {}

/** The refusal of a malformed request, code 3. */
export function invalidArgument(message: string): GrpcError {
  return new GrpcError(status.INVALID_ARGUMENT, message);
}
