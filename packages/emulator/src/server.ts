import type { LambdaRuntime } from "@localemu/lambda-runtime";
import type { HostTime } from "./core/host-time.ts";
import { hostTime } from "./core/host-time.ts";
import { randomIds } from "./core/ids.ts";
import { createCallAws } from "./gateway/call-aws.ts";
import { ControlGateway } from "./gateway/control-gateway.ts";
import { Gateway } from "./gateway/gateway.ts";
import { createListener } from "./gateway/listener.ts";
import type { Listener } from "./gateway/listener.ts";
import { OwnAddresses } from "./gateway/own-addresses.ts";
import { ServiceGateway } from "./gateway/service-gateway.ts";
import type { Settings } from "./options.ts";
import type { ServiceModel, ServiceName } from "./protocols/service-models.ts";
import { version } from "./version.ts";
import { World } from "./world.ts";
import { Worlds } from "./worlds.ts";

/** How long answers under way may take when the server closes, before their connections are cut. Milliseconds. */
const closeGraceMs = 250;

/** One listener, the control API and the worlds by name. */
export class Server {
  readonly port: number;
  readonly #host: string;
  readonly #listener: Listener;
  readonly #worlds: Worlds;
  readonly #runtime: SharedRuntime;

  private constructor(host: string, port: number, listener: Listener, worlds: Worlds, runtime: SharedRuntime) {
    this.#host = host;
    this.port = port;
    this.#listener = listener;
    this.#worlds = worlds;
    this.#runtime = runtime;
  }

  /** Rejects with the system's error when the address cannot be listened on, e.g. EADDRINUSE. */
  static async start(settings: Settings): Promise<Server> {
    const ids = randomIds();
    const runtime = new SharedRuntime(settings, hostTime);
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
      lambdaRuntime: () => runtime.get(),
      homeOf: (origin: string) => addresses.homeOf(origin),
    };
    const worlds = new Worlds(
      (name, credentials, issueCredentials) =>
        new World({ name, credentials, issueCredentials, settings, host: hostTime, ids, resources }),
      hostTime,
      ids,
    );
    const gateway = new Gateway({
      worlds,
      rules: settings,
      ids,
      region: settings.region,
      services: new ServiceGateway(modelOf, ids),
      control: new ControlGateway(worlds, version, createCallAws(modelOf, ids)),
      addressedAs: (host) => addresses.addressedAs(host),
    });
    const listener = createListener((request, response) => gateway.handle(request, response), hostTime);
    const port = await listener.listen(settings.host, settings.port);
    addresses.add(port);
    return new Server(settings.host, port, listener, worlds, runtime);
  }

  /** Where a client on this machine reaches it: an IP address, so that S3 clients use path style by themselves. */
  get endpoint(): string {
    const everywhere = this.#host === "0.0.0.0" || this.#host === "::" || this.#host === "localhost";
    const host = everywhere ? "127.0.0.1" : this.#host.includes(":") ? `[${this.#host}]` : this.#host;
    return `http://${host}:${this.port}`;
  }

  /** Ends everything: worlds, functions' processes, connections. */
  async close(): Promise<void> {
    const listenerClosed = this.#listener.close(closeGraceMs);
    await this.#worlds.close();
    await this.#runtime.close();
    await listenerClosed;
  }

  /** Kills the functions' processes without waiting; for a process that is about to exit. */
  killFunctions(): void {
    this.#runtime.killAll();
  }
}

/** The Lambda runtime of all worlds, made when the first function is. */
class SharedRuntime {
  readonly #settings: Settings;
  readonly #host: HostTime;
  #runtime: Promise<LambdaRuntime> | undefined;
  #loaded: LambdaRuntime | undefined;

  constructor(settings: Settings, host: HostTime) {
    this.#settings = settings;
    this.#host = host;
  }

  get(): Promise<LambdaRuntime> {
    this.#runtime ??= this.#make();
    return this.#runtime;
  }

  async close(): Promise<void> {
    await (await this.#runtime)?.close();
  }

  killAll(): void {
    this.#loaded?.killAll();
  }

  async #make(): Promise<LambdaRuntime> {
    const { createLambdaRuntime } = await import("@localemu/lambda-runtime");
    const { workDirectory } = this.#settings;
    this.#loaded = createLambdaRuntime(workDirectory === undefined ? {} : { workDirectory });
    return this.#loaded;
  }
}
