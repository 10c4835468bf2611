import { connectProjects } from "../../google/projects.ts";
import { BlockedError, done, missing, type Step } from "../../step.ts";

/** Who pays. It is asked even where there is only one account, since it costs money. */
export const billing: Step = {
  name: "billing account",
  async check({ google, context, projectId }) {
    const payer = await connectProjects(google, context.clock).payer(projectId);
    return payer === undefined ? missing("nobody pays for the project yet") : done(payer);
  },
  async run({ google, context, projectId }) {
    const projects = connectProjects(google, context.clock);
    const accounts = await projects.billingAccounts();
    if (accounts.length === 0) {
      throw new BlockedError(
        "you have no billing account that can pay",
        "Create one: https://console.cloud.google.com/billing/create",
      );
    }
    const chosen = await context.person.choose("Which billing account pays?", accounts);
    await projects.setPayer(projectId, chosen);
  },
};
