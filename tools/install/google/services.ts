import * as z from "zod/mini";
import type { Clock } from "../../../shared/runtime/clock.ts";
import { finish, type OpenApi, operation } from "./apis.ts";

/** https://cloud.google.com/service-usage/docs/reference/rest/v1/services/batchEnable */
const MOST_AT_ONCE = 20;

const listed = z.object({
  services: z._default(z.array(z.object({ config: z.object({ name: z.string() }) })), []),
  nextPageToken: z._default(z.string(), ""),
});

/** Which of Google's services a project uses. Methods throw GoogleError. */
export interface Services {
  /** Those of the given ones that are not enabled. */
  missing(wanted: readonly string[]): Promise<string[]>;
  /** It takes some minutes until Google knows everywhere that a service is enabled. */
  enable(wanted: readonly string[]): Promise<void>;
}

/** https://cloud.google.com/service-usage/docs/reference/rest */
export function connectServices(open: OpenApi, clock: Clock, projectId: string): Services {
  const google = open("serviceusage", "v1");
  const root = `projects/${projectId}/services`;
  return {
    async missing(wanted) {
      const enabled: string[] = [];
      let token = "";
      do {
        const path = `${root}?filter=state:ENABLED&pageSize=200&pageToken=${token}`;
        const page = await google.call("GET", path, listed);
        enabled.push(...page.services.map(({ config }) => config.name));
        token = page.nextPageToken;
      } while (token);
      return wanted.filter((service) => !enabled.includes(service));
    },
    async enable(wanted) {
      for (let from = 0; from < wanted.length; from += MOST_AT_ONCE) {
        const serviceIds = wanted.slice(from, from + MOST_AT_ONCE);
        const begun = await google.call("POST", `${root}:batchEnable`, operation, { serviceIds });
        await finish(google, begun, clock);
      }
    },
  };
}
