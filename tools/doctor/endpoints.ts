import { providers } from "../../functions/races/providers/index.ts";
import type { Addresses, Route } from "./checks/addresses.ts";
import { answerTo } from "./checks/installation.ts";
import type { AreaReport } from "./checks/report.ts";

/** An unsigned request to an endpoint, and the statuses it has to be answered with. */
interface Knock {
  readonly route: Route;
  readonly refusals: readonly number[];
  readonly init?: RequestInit;
}

const KNOCKS: readonly Knock[] = [
  { route: "interactions", refusals: [401] },
  { route: "stripe", refusals: [400] },
  { route: "twitch", refusals: [400, 403] },
  ...providers.map(({ name, unsigned }) => ({
    route: name,
    refusals: [401, 403],
    ...(unsigned && { init: unsigned }),
  })),
];

/** Checks that each endpoint exists and refuses unsigned requests, and that the site answers. */
export async function checkEndpoints(
  addresses: Addresses,
  projectId: string,
  area: AreaReport,
): Promise<void> {
  for (const { route, refusals, init } of KNOCKS) {
    const url = addresses.direct(route);
    const status = await answerTo(url, init);
    area.check(
      status !== undefined && refusals.includes(status),
      `${url} refuses unsigned requests`,
      `${url} ${described(status)}; ${refusals.join(" or ")} was expected for an unsigned request`,
      remedyFor(status),
    );
  }
  const { siteUrl } = addresses;
  const status = await answerTo(siteUrl, { method: "GET", body: null, headers: {} });
  area.check(
    status === 200,
    `the site answers at ${siteUrl}`,
    `the site at ${siteUrl} ${described(status)}`,
    `Check the domain in Firebase's console, Hosting, and deploy: npx firebase-tools deploy --only hosting,firestore:rules --project ${projectId}`,
  );
}

function described(status: number | undefined): string {
  return status === undefined ? "does not answer" : `answers ${status}`;
}

function remedyFor(status: number | undefined): string {
  if (status === 403 || status === 404) {
    return "Deploy the functions with terraform -chdir=terraform apply, which lets everyone call the public ones";
  }
  return "Look at the function's log, and deploy again: ./dev build, terraform -chdir=terraform apply";
}
