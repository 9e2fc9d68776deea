import type { ByQualifier } from "./by-qualifier.ts";
import type { EventInvokeConfig } from "./event-invoke-config.ts";
import type { FunctionPolicy } from "./function-policy.ts";
import type { Alias, CodeFacts, FunctionVersion, LambdaFunction } from "./function-store.ts";
import type { ProvisionedConcurrency } from "./provisioned-concurrency.ts";
import type { RuntimeManagement } from "./runtime-management.ts";
import { settingsDocument, settingsOf } from "./settings-documents.ts";
import type { SettingsDocument } from "./settings-documents.ts";

/** What is configured for qualifiers of functions. */
export interface QualifierConfigurations {
  readonly eventConfigs: ByQualifier<EventInvokeConfig>;
  readonly policies: ByQualifier<FunctionPolicy>;
  readonly runtimeUpdates: ByQualifier<RuntimeManagement>;
  readonly provisioned: ByQualifier<ProvisionedConcurrency>;
}

/** A function as it is kept, with all that is configured for its qualifiers. */
export type FunctionDocument = {
  readonly name: string;
  readonly region: string;
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly latest: VersionDocument;
  readonly published: readonly VersionDocument[];
  readonly aliases: readonly AliasDocument[];
  readonly publication: {
    readonly number: number;
    readonly settings?: SettingsDocument | undefined;
    readonly code?: CodeDocument | undefined;
  };
  readonly reservedConcurrency?: number | undefined;
  readonly recursiveLoop: LambdaFunction["recursiveLoop"];
  readonly eventConfigs: Entries<EventConfigDocument>;
  readonly policies: Entries<readonly StatementDocument[]>;
  readonly runtimeUpdates: Entries<RuntimeDocument>;
  readonly provisioned: Entries<ProvisionedDocument>;
};

/** By qualifier. */
type Entries<Value> = readonly (readonly [qualifier: string, value: Value])[];

type VersionDocument = {
  readonly version: string;
  readonly settings: SettingsDocument;
  readonly code: CodeDocument;
  readonly lastModified: number;
  readonly revisionId: string;
  readonly state: FunctionVersion["state"];
  readonly failure?: string | undefined;
  readonly restoreFailure?: { readonly code: "ImageDeleted" | "InternalError"; readonly reason: string } | undefined;
  readonly lastUpdate?: FunctionVersion["lastUpdate"];
  readonly nextImage?: { readonly uri: string; readonly architecture: CodeFacts["architecture"] } | undefined;
  readonly origin: string;
};

type CodeDocument = {
  readonly sha256: string;
  readonly size: number;
  readonly architecture: CodeFacts["architecture"];
  readonly image?: { readonly uri: string; readonly resolvedUri: string; readonly id: string } | undefined;
};

type AliasDocument = {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly routing?: { readonly version: string; readonly weight: number } | undefined;
  readonly revisionId: string;
};

type EventConfigDocument = {
  readonly maxRetryAttempts?: number | undefined;
  readonly maxAgeSeconds?: number | undefined;
  readonly onSuccess?: string | undefined;
  readonly onFailure?: string | undefined;
  readonly lastModified: number;
};

export type StatementDocument = {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: string | Readonly<Record<string, string>>;
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
};

type RuntimeDocument = {
  readonly updateOn: RuntimeManagement["updateOn"];
  readonly versionArn?: string | undefined;
};

type ProvisionedDocument = {
  readonly requested: number;
  readonly lastModified: number;
};

export function functionDocument(fn: LambdaFunction, configured: QualifierConfigurations): FunctionDocument {
  const { name, region, arn, tags, latest, published, aliases, publication, reservedConcurrency, recursiveLoop } = fn;
  return {
    name,
    region,
    arn,
    tags,
    latest: versionDocument(latest),
    published: [...published.values()].map(versionDocument),
    aliases: [...aliases.values()].map(aliasDocument),
    publication: {
      number: publication.number,
      settings: publication.settings && settingsDocument(publication.settings),
      code: publication.code && codeDocument(publication.code),
    },
    reservedConcurrency,
    recursiveLoop,
    eventConfigs: entriesOf(configured.eventConfigs, fn, (config) => ({
      maxRetryAttempts: config.maxRetryAttempts,
      maxAgeSeconds: config.maxAgeSeconds,
      onSuccess: config.onSuccess,
      onFailure: config.onFailure,
      lastModified: config.lastModified,
    })),
    policies: entriesOf(configured.policies, fn, (policy) => policy.map(statementDocument)),
    runtimeUpdates: entriesOf(configured.runtimeUpdates, fn, ({ updateOn, versionArn }) => ({ updateOn, versionArn })),
    provisioned: entriesOf(configured.provisioned, fn, ({ requested, lastModified }) => ({ requested, lastModified })),
  };
}

/** The function of a document; `configure` says what is configured for its qualifiers. */
export function functionOf(document: FunctionDocument): {
  readonly fn: LambdaFunction;
  readonly configure: (configured: QualifierConfigurations) => void;
} {
  const { name, region, arn, tags, latest, published, aliases, publication } = document;
  const fn: LambdaFunction = {
    name,
    region,
    arn,
    tags,
    latest: versionOf(latest),
    published: new Map(published.map((version) => [version.version, versionOf(version)])),
    aliases: new Map(aliases.map((alias) => [alias.name, aliasOf(alias)])),
    publication: {
      number: publication.number,
      settings: publication.settings && settingsOf(publication.settings),
      code: publication.code && codeOf(publication.code),
    },
    reservedConcurrency: document.reservedConcurrency,
    recursiveLoop: document.recursiveLoop,
  };
  const configure = ({ eventConfigs, policies, runtimeUpdates, provisioned }: QualifierConfigurations): void => {
    for (const [qualifier, config] of document.eventConfigs) {
      eventConfigs.restore(fn, qualifier, {
        maxRetryAttempts: config.maxRetryAttempts,
        maxAgeSeconds: config.maxAgeSeconds,
        onSuccess: config.onSuccess,
        onFailure: config.onFailure,
        lastModified: config.lastModified,
      });
    }
    for (const [qualifier, policy] of document.policies) policies.restore(fn, qualifier, policy);
    for (const [qualifier, { updateOn, versionArn }] of document.runtimeUpdates) {
      runtimeUpdates.restore(fn, qualifier, { updateOn, versionArn });
    }
    for (const [qualifier, { requested, lastModified }] of document.provisioned) {
      provisioned.restore(fn, qualifier, { requested, lastModified });
    }
  };
  return { fn, configure };
}

export function statementDocument(statement: FunctionPolicy[number]): StatementDocument {
  const { Sid, Effect, Principal, Action, Resource, Condition } = statement;
  return { Sid, Effect, Principal, Action, Resource, ...(Condition === undefined ? {} : { Condition }) };
}

function entriesOf<Value, Kept>(
  values: ByQualifier<Value>,
  fn: LambdaFunction,
  documentOf: (value: Value) => Kept,
): Entries<Kept> {
  return values.entries(fn).map(([qualifier, value]) => [qualifier, documentOf(value)]);
}

function versionDocument(version: FunctionVersion): VersionDocument {
  const { settings, code, lastModified, revisionId, state, lastUpdate, nextImage, origin } = version;
  return {
    version: version.version,
    settings: settingsDocument(settings),
    code: codeDocument(code),
    lastModified,
    revisionId,
    // What is being restored begins anew.
    state: state === "Restoring" ? "Inactive" : state,
    failure: version.failure,
    restoreFailure: version.restoreFailure,
    lastUpdate,
    nextImage: nextImage && { uri: nextImage.uri, architecture: nextImage.architecture },
    origin,
  };
}

function versionOf({ settings, code, lastUpdate, ...version }: VersionDocument): FunctionVersion {
  return { ...version, settings: settingsOf(settings), code: codeOf(code), lastUpdate };
}

function codeDocument({ sha256, size, architecture, image }: CodeFacts): CodeDocument {
  return {
    sha256,
    size,
    architecture,
    image: image && { uri: image.uri, resolvedUri: image.resolvedUri, id: image.id },
  };
}

function codeOf({ sha256, size, architecture, image }: CodeDocument): CodeFacts {
  return { sha256, size, architecture, ...(image === undefined ? {} : { image }) };
}

function aliasDocument({ name, version, description, routing, revisionId }: Alias): AliasDocument {
  return {
    name,
    version,
    description,
    routing: routing && { version: routing.version, weight: routing.weight },
    revisionId,
  };
}

function aliasOf({ name, version, description, routing, revisionId }: AliasDocument): Alias {
  return { name, version, description, routing, revisionId };
}
