import { hostTime } from "./core/host-time.ts";
import { createLog, writeToProcess } from "./core/log.ts";
import type { Log } from "./core/log.ts";
import { randomIds } from "./core/ids.ts";
import { createCallAws, createHasOperation } from "./gateway/call-aws.ts";
import type { Metrics } from "./control/metrics.ts";
import { ControlGateway } from "./gateway/control-gateway.ts";
import { Gateway } from "./gateway/gateway.ts";
import type { GatewayOptions } from "./gateway/gateway.ts";
import type { FunctionUrlGateway } from "./gateway/function-url-gateway.ts";
import { createListener } from "./gateway/listener.ts";
import type { Listener } from "./gateway/listener.ts";
import { OwnAddresses } from "./gateway/own-addresses.ts";
import { ServiceGateway } from "./gateway/service-gateway.ts";
import { defaultWorldName } from "./gateway/world-prefix.ts";
import type { Tls } from "./gateway/tls/tls.ts";
import { Observer } from "./observer.ts";
import { withoutSecrets } from "./option-rules.ts";
import { OptionError, settle } from "./options.ts";
import type { EmulatorOptions, Settings } from "./options.ts";
import { worldOfQueueUrl } from "./services/messaging/queue-url.ts";
import { Workspace } from "./workspace.ts";
import type { ServiceModel, ServiceName } from "./protocols/service-models.ts";
import { version, versions } from "./version.ts";
import type { KeptData } from "./storage/keeping.ts";
import { World } from "./world.ts";
import { credentialsCollection, Worlds } from "./worlds.ts";
import type { Secret, WorldCredentials } from "./worlds.ts";

/** How long answers under way may take when the server closes, before their connections are cut. Milliseconds. */
const closeGraceMs = 250;

interface ServerParts {
  readonly gateway: Gateway;
  readonly log: Log;
  readonly stopGraceMs: number;
  readonly host: string;
  readonly port: number;
  readonly listener: Listener;
  readonly worlds: Worlds;
  readonly workspace: Workspace;
  readonly kills: ReadonlySet<() => void>;
  readonly data: KeptData | undefined;
}

/** SQLite is loaded only where there is a directory. Throws DataError. */
async function openData(
  directory: string | undefined,
  onFailure: (error: Error) => void,
): Promise<KeptData | undefined> {
  if (directory === undefined) return undefined;
  const { openKeptData } = await import("./storage/kept-data.ts");
  return openKeptData(directory, version, onFailure);
}

/** The default world's, of the emulator before. */
function keptCredentials(data: KeptData | undefined): WorldCredentials | undefined {
  type Kept = { readonly accessKeyId: string; readonly secretAccessKey: string };
  return data?.documents.read<Kept>(credentialsCollection)[0]?.value;
}

/** Verifies signatures by the secrets that worlds issued or that are configured. */
function signatureVerifier(credentials: Settings["credentials"], worlds: Worlds): GatewayOptions["verify"] {
  const configured = new Map<string, Secret>(
    credentials.map((text) => {
      const [key = "", ...rest] = text.split(":");
      return [key, { secretAccessKey: rest.join(":"), expiresAt: undefined }];
    }),
  );
  const secretOf = (key: string) => configured.get(key) ?? worlds.secretOf(key);
  return async (service, request) => {
    const { verifySignature } = await import("./gateway/signature.ts");
    return verifySignature(request, { service, secretOf, now: hostTime.epoch() });
  };
}

/** Throws OptionError for streams that cannot be together. Nothing is loaded for it where there are none. */
async function checkInitialStreams(settings: Settings): Promise<void> {
  const { kinesisInitialStreams: streams, kinesisShardLimit, region } = settings;
  if (streams.length === 0) return;
  const { initialStreamsConflict } = await import("./initial-streams-conflict.ts");
  const conflict = initialStreamsConflict(streams, kinesisShardLimit, region);
  if (conflict !== undefined) throw new OptionError(conflict);
}

/** One listener, the control API and the worlds by name. */
export class Server {
  readonly port: number;
  readonly #parts: ServerParts;

  private constructor(parts: ServerParts) {
    this.port = parts.port;
    this.#parts = parts;
  }

  /** Rejects with the system's error when the address cannot be listened on, e.g. EADDRINUSE; with DataError, OptionError. */
  static async start(given: EmulatorOptions): Promise<Server> {
    const settings = settle(given);
    await checkInitialStreams(settings);
    const listening: Server[] = [];
    const data = await openData(settings.dataDir, (error) => {
      for (const server of listening) server.#parts.worlds.default.reportInternalError("data directory", error);
    });
    try {
      const server = await Server.#start(settings, given, data);
      listening.push(server);
      return server;
    } catch (error) {
      data?.close();
      throw error;
    }
  }

  static async #start(settings: Settings, given: EmulatorOptions, data: KeptData | undefined): Promise<Server> {
    const begun = hostTime.monotonic();
    const ids = randomIds();
    const users = settings.functionUsers
      ? (await import("./function-users.ts")).functionUsers(settings.dataDir)
      : undefined;
    const log = createLog({
      level: settings.logLevel,
      format: settings.logFormat,
      now: () => hostTime.epoch(),
      write: writeToProcess,
    });
    const observer = new Observer(log, hostTime);
    const workspace = new Workspace(settings.workDirectory, users !== undefined);
    const kills = new Set<() => void>();
    const models = new Map<ServiceName, Promise<ServiceModel>>();
    const modelOf = (service: ServiceName): Promise<ServiceModel> => {
      let model = models.get(service);
      if (model === undefined) {
        model = import("./protocols/service-models.ts").then(({ loadModel }) => loadModel(service));
        models.set(service, model);
      }
      return model;
    };
    const addresses = new OwnAddresses((address, port) => listener.listen(address, port));
    const resources = {
      workDirectory: (world: string) => workspace.directoryOf(world),
      users,
      onKill: (kill: () => void) => {
        kills.add(kill);
        return () => kills.delete(kill);
      },
      homeOf: (origin: string) => addresses.homeOf(origin),
      reachOn: (address: string) => addresses.reachOn(address, settings.host),
    };
    const worlds = new Worlds(
      (name, credentials, issued) =>
        new World({
          name,
          credentials,
          issued,
          settings,
          host: hostTime,
          ids,
          resources,
          observer,
          data: name === defaultWorldName ? data : undefined,
        }),
      hostTime,
      ids,
      keptCredentials(data),
    );
    // Functions of an earlier emulator are told the port, and its mappings read nothing where the port is taken.
    const listen = async (): Promise<number> => {
      const port = await listener.listen(settings.host, settings.port);
      addresses.add(port);
      try {
        await worlds.default.prepare();
      } catch (error) {
        await listener.close(closeGraceMs);
        throw error;
      }
      return port;
    };
    let metrics: Promise<Metrics> | undefined;
    let functionUrls: Promise<FunctionUrlGateway> | undefined;
    const gateway = new Gateway({
      worldOfQueueUrl,
      worlds,
      rules: settings,
      ids,
      region: settings.region,
      services: new ServiceGateway(modelOf, ids),
      control: new ControlGateway({
        worlds,
        version,
        server: {
          versions: { ...versions, node: process.version },
          uptimeMs: () => Math.round(hostTime.monotonic() - begun),
          stopping: () => gateway.stopping,
          options: { ...withoutSecrets(given) },
          metrics: async () => {
            metrics ??= import("./control/metrics.ts").then((module) => new module.Metrics(observer, worlds, version));
            return (await metrics).show();
          },
        },
        callAws: createCallAws(modelOf, ids),
        hasOperation: createHasOperation(modelOf),
        caPem: async () => (await loadTls()).caPem,
      }),
      functionUrls: () =>
        (functionUrls ??= import("./gateway/function-url-gateway.ts").then(
          (module) => new module.FunctionUrlGateway(worlds, ids, () => hostTime.epoch()),
        )),
      verify: settings.verifySignatures ? signatureVerifier(settings.credentials, worlds) : undefined,
      addressedAs: (host, scheme) => addresses.addressedAs(host, scheme),
    });
    let tls: Promise<Tls> | undefined;
    const loadTls = (): Promise<Tls> => {
      tls ??= import("./gateway/tls/tls.ts").then(({ createTls }) =>
        createTls({
          ids,
          now: () => hostTime.epoch(),
          hosts: [settings.host, ...settings.allowedHosts],
          onSecure: (socket, isH2) => listener.serve(socket, "https", isH2),
        }),
      );
      return tls;
    };
    const listener = createListener({
      onRequest: (request, response, scheme) => gateway.handle(request, response, scheme),
      host: hostTime,
      onError: (error) => worlds.default.reportInternalError("listening", error),
      onTls: (socket) =>
        void loadTls().then(
          // Its client may have gone meanwhile.
          (side) => socket.destroyed || side.accept(socket),
          (error: unknown) => {
            socket.destroy();
            worlds.default.reportInternalError("TLS", error);
          },
        ),
    });
    const port = await listen().catch(async (error: unknown) => {
      await worlds.close();
      await workspace.remove();
      throw error;
    });
    const { host, stopGraceMs } = settings;
    return new Server({ host, port, listener, worlds, workspace, kills, data, gateway, log, stopGraceMs });
  }

  /** Where a client on this machine reaches it: an IP address, so that S3 clients use path style by themselves. */
  get endpoint(): string {
    const { host } = this.#parts;
    if (host === "0.0.0.0" || host === "::" || host === "localhost") return `http://127.0.0.1:${this.port}`;
    return `http://${host.includes(":") ? `[${host}]` : host}:${this.port}`;
  }

  /** Ends everything: worlds, functions' processes, connections. */
  async close(): Promise<void> {
    const { listener, worlds, workspace, data, gateway } = this.#parts;
    gateway.refuseCallers();
    await this.#drain();
    const listenerClosed = listener.close(closeGraceMs);
    try {
      await worlds.close();
    } finally {
      await listenerClosed;
      // Nobody is answered any more.
      data?.close();
      await workspace.remove();
    }
  }

  async #drain(): Promise<void> {
    const { worlds, log, stopGraceMs } = this.#parts;
    if (stopGraceMs === 0) return;
    const deadline = hostTime.monotonic() + stopGraceMs;
    await Promise.all(
      worlds.all.map(async (world) => {
        if (await world.drain(deadline)) return;
        const busy = world.activity.busy().map(({ label }) => label);
        const of = world.name === defaultWorldName ? "" : ` in the world ${world.name}`;
        log.warn(`ended after ${stopGraceMs} ms${of}: ${busy.join(", ")}`, { world: world.name });
      }),
    );
  }

  /** Kills the functions' processes without waiting; for a process that is about to exit. */
  killFunctions(): void {
    for (const kill of this.#parts.kills) kill();
  }
}
