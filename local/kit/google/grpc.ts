import {
  type GrpcObject,
  loadPackageDefinition,
  type Server,
  ServerCredentials,
} from "@grpc/grpc-js";
import { loadSync, type Options } from "@grpc/proto-loader";

/**
 * Messages as plain objects: int64 as strings, bytes as Buffers, enums by name, and the names of
 * set oneofs.
 */
const PROTO_OPTIONS: Options = { longs: String, enums: String, oneofs: true, defaults: true };

/** A listening gRPC server of the local cloud. */
export interface GrpcService {
  /** "127.0.0.1:PORT", the format of the emulator host variables. */
  readonly host: string;
  /** Closes the port and aborts every call. */
  stop(): Promise<void>;
}

/** Parsed `.proto` files: parsing takes longer than starting the rest of a cloud. */
const read = new Map<string, GrpcObject>();

/** Parses a `.proto` file, once per process. Returns its packages in the format of `grpc-js`. */
export function loadProto(file: string, includeDirs: string[], options: Options = {}): GrpcObject {
  const key = JSON.stringify([file, includeDirs, options]);
  const known = read.get(key);
  if (known) return known;
  const definition = loadSync(file, { ...PROTO_OPTIONS, includeDirs, ...options });
  const packages = loadPackageDefinition(definition);
  read.set(key, packages);
  return packages;
}

/**
 * Like `listenGrpc`, but does not listen when `isListening` is false; its host is then unreachable.
 */
export async function listenGrpcIf(
  isListening: boolean,
  makeServer: () => Server,
  port?: number,
): Promise<GrpcService> {
  if (isListening) return listenGrpc(makeServer(), port);
  return { host: "called-directly.test:443", stop: async () => undefined };
}

/** Listens on 127.0.0.1 without TLS, on a free port by default. */
export async function listenGrpc(server: Server, port = 0): Promise<GrpcService> {
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, actual) =>
      error ? reject(error) : resolve(actual),
    );
  });
  return {
    host: `127.0.0.1:${bound}`,
    stop: async () => server.forceShutdown(),
  };
}
