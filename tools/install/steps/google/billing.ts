import { GoogleError } from "../../../doctor/checks/google/rest.ts";
import { type BillingAccount, connectProjects } from "../../google/projects.ts";
import type { Installation } from "../../installation.ts";
import { WaitedError } from "../../patience.ts";
import { BlockedError, done, missing, type Step } from "../../step.ts";

const FORBIDDEN = 403;
const UNMET = 400;
const BOTH_ROLES =
  "Linking needs Billing Account User (roles/billing.user) on the billing account, and Owner or Project Billing Manager (roles/billing.projectManager) in the project. Google says that you have both: ask your organisation's administrator which policy forbids it";
/** Google names this form when it refuses. */
const MORE_PROJECTS = "https://support.google.com/code/contact/billing_quota_increase";

/** Who pays. It is asked even where there is only one account, since it costs money. */
export const billing: Step = {
  name: "billing account",
  async check({ google, context, projectId }) {
    const payer = await connectProjects(google, context.clock).payer(projectId);
    return payer === undefined ? missing("the project has none yet") : done(payer);
  },
  async run(installation) {
    const { google, context, projectId } = installation;
    const projects = connectProjects(google, context.clock);
    const accounts = await projects.billingAccounts();
    if (accounts.length === 0) {
      throw new BlockedError(
        "you have no billing account that can pay",
        "Create one: https://console.cloud.google.com/billing/create",
      );
    }
    const id = await context.person.choose(
      "Which billing account pays?",
      accounts,
      `run: gcloud billing projects link ${projectId} --billing-account=${accounts[0]?.id}`,
    );
    const chosen = accounts.find((account) => account.id === id) ?? { id, title: id };
    try {
      await installation.patiently(() => projects.setPayer(projectId, id));
    } catch (error) {
      const cause = error instanceof WaitedError ? error.cause : error;
      throw cause instanceof GoogleError ? await explain(cause, chosen, installation) : error;
    }
  },
};

/** What a person can do about a refusal to let a billing account pay for the project. */
async function explain(
  error: GoogleError,
  { id, title }: BillingAccount,
  { google, context, projectId }: Installation,
): Promise<Error> {
  if (error.status === UNMET && /quota/i.test(error.message)) {
    return new BlockedError(
      `${title} pays for as many projects as Google lets it`,
      `Press Enter and choose another account, or ask for more: ${MORE_PROJECTS}. Or unlink a project that you no longer need, of those that https://console.cloud.google.com/billing/projects lists: gcloud billing projects unlink ITS_ID`,
    );
  }
  if (error.status !== FORBIDDEN) return error;
  const projects = connectProjects(google, context.clock);
  const places = await projects.whereLinkingIsForbidden(projectId, id);
  const remedies = {
    project: `In the project you need the role Owner, which later steps need too (linking alone needs Project Billing Manager, roles/billing.projectManager): one of its owners gives it to you at https://console.cloud.google.com/iam-admin/iam?project=${projectId}`,
    account: `On the billing account you need the role Billing Account User, which Owner of the project does not include. One of the account's administrators has to run: gcloud billing accounts add-iam-policy-binding ${id} --member=${memberOf(await projects.email())} --role=roles/billing.user`,
  };
  const given = places.map((place) => remedies[place]);
  return new BlockedError(
    `you may not let ${title} pay for ${projectId}: ${error.message}`,
    given.join(". ") || BOTH_ROLES,
  );
}

/** The signed-in account, as roles are given to it. */
function memberOf(email = "YOUR_ADDRESS"): string {
  return `${email.endsWith(".gserviceaccount.com") ? "serviceAccount" : "user"}:${email}`;
}
