import { status } from "@grpc/grpc-js";
import { RpcError } from "../../kit/google/rpc.ts";

/** An error with the real service's gRPC status code, for the server to send to the client. */
export class GrpcError extends RpcError {}

/** The error for an invalid request, code 3. */
export function invalidArgument(message: string): GrpcError {
  return new GrpcError(status.INVALID_ARGUMENT, message);
}
