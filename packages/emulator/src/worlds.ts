import { newWorldKey } from "./core/access-keys.ts";
import type { HostTime } from "./core/host-time.ts";
import type { Ids } from "./core/ids.ts";
import { defaultWorldName, worldNamePattern } from "./gateway/world-prefix.ts";
import { WorldError } from "./world-error.ts";
import type { World } from "./world.ts";

export interface WorldCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Where the credentials of worlds are kept, by the world's name. */
export const credentialsCollection = "world.credentials";

/** @param expiresAt Until when credentials are good: host time, milliseconds since the epoch; always without it. */
export type IssueCredentials = (expiresAt?: number) => WorldCredentials;

/** The credentials that a world gives out, besides its own. */
export interface IssuedCredentials {
  /** Makes further ones that lead to the world. */
  readonly issue: IssueCredentials;
  /** From now on none of them is known. */
  readonly withdraw: () => void;
}

export type MakeWorld = (name: string, credentials: WorldCredentials, issued: IssuedCredentials) => World;

/** What a request is signed with. */
export interface Secret {
  readonly secretAccessKey: string;
  /** Host time, milliseconds since the epoch; undefined for credentials that last. */
  readonly expiresAt: number | undefined;
}

/** How long a leased world outlives its last holder, in milliseconds of host time. */
const leaseGraceMs = 10_000;

interface Entry {
  readonly world: World;
  readonly accessKeys: Set<string>;
  leased: boolean;
  holders: number;
  cancelReap: (() => void) | undefined;
}

/** The worlds of one server, by name and by the access keys that they issued. */
export class Worlds {
  readonly #make: MakeWorld;
  readonly #host: HostTime;
  readonly #ids: Ids;
  readonly #entries = new Map<string, Entry>();
  readonly #byAccessKey = new Map<string, World>();
  readonly #secrets = new Map<string, Secret>();
  readonly default: World;
  #closing = false;

  /** @param kept The credentials that the default world had already, where it outlives its server. */
  constructor(make: MakeWorld, host: HostTime, ids: Ids, kept?: WorldCredentials) {
    this.#make = make;
    this.#host = host;
    this.#ids = ids;
    this.default = this.#add(defaultWorldName, false, kept);
  }

  get all(): World[] {
    return [...this.#entries.values()].map(({ world }) => world);
  }

  get names(): string[] {
    return [...this.#entries.keys()];
  }

  /** The world of that name. Throws WorldError UnknownWorld: an unknown name never means the default world. */
  get(name: string): World {
    return this.#entry(name).world;
  }

  find(name: string): World | undefined {
    return this.#entries.get(name)?.world;
  }

  /** The secret that belongs to an access key which a world issued. */
  secretOf(accessKeyId: string): Secret | undefined {
    return this.#secrets.get(accessKeyId);
  }

  byAccessKey(accessKeyId: string): World | undefined {
    return this.#byAccessKey.get(accessKeyId);
  }

  /** Throws WorldError InvalidWorldName, WorldExists or ServerClosing. */
  create({
    name = `w-${this.#ids.hex(6)}`,
    lease = false,
  }: {
    readonly name?: string;
    readonly lease?: boolean;
  }): World {
    // It would outlive the server: those that are to be ended were counted already.
    if (this.#closing) throw new WorldError("ServerClosing", "LocalEmu is shutting down and makes no more worlds");
    if (!worldNamePattern.test(name)) {
      throw new WorldError(
        "InvalidWorldName",
        `a world's name is 1 to 63 of a-z, 0-9 and -, not ${JSON.stringify(name)}`,
      );
    }
    if (this.#entries.has(name)) throw new WorldError("WorldExists", `there is a world ${name} already`);
    return this.#add(name, lease);
  }

  /** Throws WorldError UnknownWorld or DefaultWorld. */
  async delete(name: string): Promise<void> {
    const entry = this.#entry(name);
    if (name === defaultWorldName)
      throw new WorldError("DefaultWorld", "the default world cannot be deleted; reset it");
    await this.#dispose(entry);
  }

  /**
   * Keeps a leased world alive until the returned function is called; 10 s after the last holder left it is disposed.
   * Throws WorldError UnknownWorld or NotLeased.
   */
  hold(name: string): () => void {
    const entry = this.#entry(name);
    if (!entry.leased) throw new WorldError("NotLeased", `the world ${name} was created without a lease`);
    entry.holders++;
    entry.cancelReap?.();
    entry.cancelReap = undefined;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      entry.holders--;
      if (entry.holders === 0) this.#reapLater(entry);
    };
  }

  /** Ends all worlds; none is made after that. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#entries.values()].map((entry) => this.#dispose(entry)));
  }

  #entry(name: string): Entry {
    const entry = this.#entries.get(name);
    if (entry === undefined) {
      throw new WorldError(
        "UnknownWorld",
        `LocalEmu has no world ${JSON.stringify(name)}; it was never created or is gone`,
      );
    }
    return entry;
  }

  #add(name: string, leased: boolean, kept?: WorldCredentials): World {
    const accessKeys = new Set<string>();
    const make = (): WorldCredentials => ({ accessKeyId: newWorldKey(this.#ids), secretAccessKey: this.#ids.hex(20) });
    const own = kept ?? make();
    const register = (credentials: WorldCredentials, expiresAt?: number): WorldCredentials => {
      accessKeys.add(credentials.accessKeyId);
      this.#secrets.set(credentials.accessKeyId, { secretAccessKey: credentials.secretAccessKey, expiresAt });
      this.#byAccessKey.set(credentials.accessKeyId, world);
      return credentials;
    };
    const withdraw = (): void => {
      this.#forget(accessKeys);
      register(own);
    };
    const world = this.#make(name, own, { issue: (expiresAt) => register(make(), expiresAt), withdraw });
    register(own);
    const entry: Entry = { world, accessKeys, leased, holders: 0, cancelReap: undefined };
    this.#entries.set(name, entry);
    if (leased) this.#reapLater(entry);
    return world;
  }

  #reapLater(entry: Entry): void {
    if (this.#entries.get(entry.world.name) !== entry) return;
    entry.cancelReap = this.#host.setTimeout(() => {
      this.#dispose(entry).catch((error: unknown) =>
        this.default.reportInternalError(`disposal of the world ${entry.world.name}`, error),
      );
    }, leaseGraceMs);
  }

  /** The name is free and its keys are unknown at once; what ran in the world is ended after that. */
  async #dispose(entry: Entry): Promise<void> {
    entry.cancelReap?.();
    if (this.#entries.get(entry.world.name) === entry) this.#entries.delete(entry.world.name);
    this.#forget(entry.accessKeys);
    await entry.world.close();
  }

  #forget(accessKeys: Set<string>): void {
    for (const accessKey of accessKeys) {
      this.#byAccessKey.delete(accessKey);
      this.#secrets.delete(accessKey);
    }
    accessKeys.clear();
  }
}
