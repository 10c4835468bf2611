import { CloudTasksClient } from "@google-cloud/tasks";
import { credentials } from "@grpc/grpc-js";

/** Cloud Tasks with the application default credentials, or its emulator without credentials. */
export function openTasks(emulatorHost: string | undefined): CloudTasksClient {
  if (!emulatorHost) return new CloudTasksClient();
  const { hostname, port } = new URL(`http://${emulatorHost}`);
  return new CloudTasksClient({
    apiEndpoint: hostname,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
  });
}
