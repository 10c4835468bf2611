import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { PROJECT } from "../../../build/bundle.ts";
import { connectServices } from "../../google/services.ts";
import { done, missing, type Step } from "../../step.ts";

/** Google's services that the installation uses. Terraform enables the same list. */
export const services: Step = {
  name: "Google services",
  async check(installation) {
    const { google, context, projectId } = installation;
    const wanted = wantedServices();
    const absent = await connectServices(google, context.clock, projectId).missing(wanted);
    return absent.length === 0
      ? done(`${wanted.length} are enabled`)
      : missing(`enabling ${absent.length}, which takes some minutes`);
  },
  async run({ google, context, projectId }) {
    const client = connectServices(google, context.clock, projectId);
    await client.enable(await client.missing(wantedServices()));
  },
};

function wantedServices(): string[] {
  const text = readFileSync(join(PROJECT, "terraform/apis.json"), "utf8");
  const names = z.array(z.string()).parse(JSON.parse(text));
  return names.map((name) => `${name}.googleapis.com`);
}
