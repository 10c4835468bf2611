import type { ServiceDefinition } from "@grpc/grpc-js";
import { invalidArgument } from "../grpc-error.ts";

/** https://firebase.google.com/docs/firestore/quotas#writes_and_transactions */
const MAX_REQUEST_BYTES = 10 * 1024 * 1024;

const requestBytes = new WeakMap<object, number>();

/** The methods of the service, decoding requests so that `assertRequestSize` can tell their size. */
export function measured(definition: ServiceDefinition): ServiceDefinition {
  return Object.fromEntries(
    Object.entries(definition).map(([name, method]) => [
      name,
      {
        ...method,
        requestDeserialize: (bytes: Buffer) => {
          const request: object = method.requestDeserialize(bytes);
          requestBytes.set(request, bytes.length);
          return request;
        },
      },
    ]),
  );
}

/**
 * Refuses with INVALID_ARGUMENT a request larger than the service takes. Google's emulator takes
 * only 4 MiB and says RESOURCE_EXHAUSTED.
 */
export function assertRequestSize(request: object): void {
  const bytes = requestBytes.get(request) ?? 0;
  if (bytes <= MAX_REQUEST_BYTES) return;
  throw invalidArgument(
    `Request payload size exceeds the limit: ${MAX_REQUEST_BYTES} bytes (it has ${bytes}).`,
  );
}
