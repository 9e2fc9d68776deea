import { once } from "node:events";
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A Docker engine that has images but runs nothing; pulls take as long as the test wants. */
export class ImageEngine implements AsyncDisposable {
  /** Those that it has, by name. */
  readonly images = new Set<string>();
  readonly #pulls = new Map<string, ServerResponse>();
  readonly #asked = new Map<string, PromiseWithResolvers<void>>();
  readonly #server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://engine");
    if (pathname === "/version") return response.end(JSON.stringify({ ApiVersion: "1.41" }));
    if (request.method !== "POST") return this.#find(decodeURIComponent(pathname.split("/")[2] ?? ""), response);
    const [name = "", tag = ""] = [searchParams.get("fromImage"), searchParams.get("tag")].map(String);
    const image = name + (tag.startsWith("sha256:") ? "@" : ":") + tag;
    this.#pulls.set(image, response);
    this.pulled(image).resolve();
  });

  /** Resolves to its address. */
  async listen(): Promise<string> {
    await once(this.#server.listen(0, "127.0.0.1"), "listening");
    const { port }: Pick<AddressInfo, "port"> = Object(this.#server.address());
    return `tcp://127.0.0.1:${port}`;
  }

  /** Its promise resolves when the image is being pulled. */
  pulled(image: string): PromiseWithResolvers<void> {
    const asked = this.#asked.get(image) ?? Promise.withResolvers<void>();
    this.#asked.set(image, asked);
    return asked;
  }

  /** Ends the pull of an image, which comes soon: with what its registry says, or with the image. */
  async endPull(image: string, error?: string): Promise<void> {
    await this.pulled(image).promise;
    if (error === undefined) this.images.add(image);
    this.#pulls.get(image)?.end(JSON.stringify({ error }));
  }

  /** Resolves when whoever had the image pulled waits no longer. */
  async pullIsGivenUp(image: string): Promise<void> {
    await this.pulled(image).promise;
    const response = this.#pulls.get(image);
    if (response !== undefined && !response.closed) await once(response, "close");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** By their names, by digest or not, and by their ids. */
  #find(asked: string, response: ServerResponse): void {
    const image = [...this.images].find((one) => [one, digestOf(one), idOf(one)].includes(asked));
    if (image === undefined) response.writeHead(404).end(JSON.stringify({ message: "no such image" }));
    else response.end(JSON.stringify({ Id: idOf(image), RepoDigests: [digestOf(image)] }));
  }
}

/** What the engine calls an image, whatever its name. */
export function idOf(image: string): string {
  return `sha256:${process.getBuiltinModule("node:crypto").hash("sha256", image)}`;
}

/** An image's name by digest. */
export function digestOf(image: string): string {
  return image.includes("@") ? image : `${image.split(":")[0]}@${idOf(image)}`;
}
