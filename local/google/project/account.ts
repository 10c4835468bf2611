import { GoogleRestError } from "../../kit/google/rest.ts";

/** A project of the account. */
export interface Project {
  readonly id: string;
  readonly number: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAtMs: number;
  state: "ACTIVE" | "DELETE_REQUESTED";
  /** The id of the billing account that pays. */
  payer: string | undefined;
  /** When services may be enabled that have to be paid for. */
  paidFromMs: number;
  /** When each enabled service takes effect. */
  readonly services: Map<string, number>;
  hasFirebase: boolean;
  readonly sites: Map<string, Site>;
  /** Firestore's rules: all sets, and the name of the one in force. */
  readonly rulesets: Map<string, object>;
  release: string | undefined;
}

/** A site of Firebase Hosting. */
export interface Site {
  readonly url: string;
  readonly versions: Map<string, SiteVersion>;
  readonly releases: { readonly type: string; readonly version: string | undefined }[];
}

/** A version of a site. */
export interface SiteVersion {
  readonly labels: Readonly<Record<string, string>>;
  readonly config: object;
  status: "CREATED" | "FINALIZED";
  /** The hash of each file, by its path. */
  files: Readonly<Record<string, string>>;
}

/** A bucket of Cloud Storage. */
export interface Bucket {
  readonly projectId: string;
  settings: Readonly<Record<string, unknown>>;
}

/** What a Google account can be like. */
export interface AccountOptions {
  /** The address of the site that a project gets. */
  readonly siteUrl: string;
  /** The id and number of the project that exists at first. */
  readonly projectId: string;
  readonly number: string;
  readonly nowMs: () => number;
}

/** How long Google takes to know everywhere that a service is enabled; it promises nothing. */
const SERVICE_DELAY_MS = 45_000;
/** How long a new project, and the creator's role in it, are unknown to other APIs. */
const PROJECT_DELAY_MS = 5_000;
/** Linking needs the first in the project, and the second on the billing account. */
const LINKING = [
  "resourcemanager.projects.createBillingAssignment",
  "billing.resourceAssociations.create",
];
/** Google names it in its refusal. */
const QUOTA_FORM = "https://support.google.com/code/contact/billing_quota_increase";
/** How long a new billing account is unknown to the services that are paid with it. */
const PAYER_DELAY_MS = 3_000;
const FIRST_NUMBER = 400_000_000_000;

/** A Google account with its projects, billing accounts and buckets. */
export class Account {
  readonly email = "owner@c500.example";
  readonly projects = new Map<string, Project>();
  readonly buckets = new Map<string, Bucket>();
  readonly billingAccounts = new Map([["01C500-ABCDEF-123456", "C500"]]);
  /** How many projects each billing account may pay for. */
  mostPaidProjects = Number.POSITIVE_INFINITY;
  /** The permissions that this account lacks, in its projects or on its billing accounts. */
  readonly lacked = new Set<string>();
  /** The ids of others' projects and buckets. */
  readonly taken = new Set<string>();
  /** The contents of files that Hosting has received, by hash. */
  readonly uploads = new Map<string, Buffer>();
  hasAcceptedFirebaseTerms = true;
  /** The organisation forbids this account to create projects. */
  mayCreateProjects = true;
  /** Whether someone is signed in to this account on this machine. */
  isSignedIn = true;
  #options: AccountOptions;
  #operations = new Map<string, { polls: number; effect: () => void }>();
  #next = 0;

  constructor(options: AccountOptions) {
    this.#options = options;
    const project = this.#newProject(options.projectId, options.number, {}, 0);
    project.payer = "01C500-ABCDEF-123456";
    project.paidFromMs = 0;
    this.projects.set(project.id, project);
  }

  /** Makes it a new account, without projects. */
  clear(): void {
    this.projects.clear();
    this.buckets.clear();
    this.uploads.clear();
  }

  /** Finds a project by id or number. Google gives the same answer for a missing as for an inaccessible one. */
  project(id: string | undefined): Project {
    const found = [...this.projects.values()].find((each) => each.id === id || each.number === id);
    const isKnown = found && this.#now() >= found.createdAtMs + PROJECT_DELAY_MS;
    if (found && isKnown) return found;
    throw new GoogleRestError("PERMISSION_DENIED", "The caller does not have permission");
  }

  create(id: string, labels: Readonly<Record<string, string>>): void {
    if (!this.mayCreateProjects) {
      const message =
        "Permission 'resourcemanager.projects.create' denied on resource (or it may not exist).";
      throw new GoogleRestError("PERMISSION_DENIED", message);
    }
    if (this.projects.has(id) || this.taken.has(id)) {
      throw new GoogleRestError("ALREADY_EXISTS", "Requested entity already exists");
    }
    // With the local installation's id, the project is the one that all other emulators know.
    const number =
      id === this.#options.projectId
        ? this.#options.number
        : String(FIRST_NUMBER + this.projects.size);
    this.projects.set(id, this.#newProject(id, number, labels, this.#now()));
  }

  /** Lets a billing account pay for a project. https://cloud.google.com/billing/docs/access-control */
  link(project: Project, billingAccount: string): void {
    const isAllowed = LINKING.every((permission) => !this.lacked.has(permission));
    if (!isAllowed || !this.billingAccounts.has(billingAccount)) {
      throw new GoogleRestError("PERMISSION_DENIED", "The caller does not have permission");
    }
    const others = [...this.projects.values()].filter((each) => each !== project);
    const paid = others.filter(({ payer }) => payer === billingAccount);
    if (paid.length >= this.mostPaidProjects) {
      const violation = `Cloud billing quota exceeded: ${QUOTA_FORM}`;
      const message = "Precondition check failed.";
      throw new GoogleRestError("FAILED_PRECONDITION", message, undefined, violation);
    }
    project.payer = billingAccount;
    project.paidFromMs = this.#now() + PAYER_DELAY_MS;
  }

  enable(project: Project, service: string): void {
    if (this.#now() < project.paidFromMs) {
      const message = `Billing account for project '${project.number}' is not found. Billing must be enabled for activation of service(s) '${service}' to proceed.`;
      throw new GoogleRestError("FAILED_PRECONDITION", message, "UREQ_PROJECT_BILLING_NOT_FOUND");
    }
    if (!project.services.has(service)) {
      project.services.set(service, this.#now() + SERVICE_DELAY_MS);
    }
  }

  /** Throws SERVICE_DISABLED until an enabled service has taken effect. */
  need(project: Project, api: string): void {
    const service = `${api}.googleapis.com`;
    const from = project.services.get(service);
    if (from !== undefined && this.#now() >= from) return;
    throw new GoogleRestError(
      "PERMISSION_DENIED",
      `${service} has not been used in project ${project.number} before or it is disabled. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`,
      "SERVICE_DISABLED",
    );
  }

  /** Begins an operation, whose effect comes after it has been asked for once. */
  begin(prefix: string, effect: () => void): object {
    this.#next += 1;
    const name = `operations/${prefix}.${this.#next}`;
    this.#operations.set(name, { polls: 0, effect });
    return { name, done: false };
  }

  operation(name: string): object {
    const found = this.#operations.get(name);
    if (!found) throw new GoogleRestError("NOT_FOUND", `There is no operation ${name}.`);
    found.polls += 1;
    if (found.polls === 1) return { name, done: false };
    if (found.polls === 2) found.effect();
    return { name, done: true, response: {} };
  }

  newSite(project: Project, id: string): void {
    const url = project.id === id ? this.#options.siteUrl : `https://${id}.web.app`;
    project.sites.set(id, { url, versions: new Map(), releases: [] });
  }

  /** Finds a site in any project. */
  site(id: string | undefined): { readonly site: Site; readonly project: Project } {
    for (const project of this.projects.values()) {
      const site = project.sites.get(id ?? "");
      if (site) return { site, project };
    }
    throw new GoogleRestError("NOT_FOUND", "Requested entity was not found.");
  }

  #newProject(
    id: string,
    number: string,
    labels: Readonly<Record<string, string>>,
    createdAtMs: number,
  ): Project {
    return {
      id,
      number,
      labels,
      createdAtMs,
      state: "ACTIVE",
      payer: undefined,
      paidFromMs: Number.POSITIVE_INFINITY,
      services: new Map(),
      hasFirebase: false,
      sites: new Map(),
      rulesets: new Map(),
      release: undefined,
    };
  }

  #now(): number {
    return this.#options.nowMs();
  }
}
