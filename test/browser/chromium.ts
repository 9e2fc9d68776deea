import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The program: `CHROMIUM`, or where distributions have it. */
export function findChromium(): string | undefined {
  return [process.env["CHROMIUM"] ?? "", ...usual].find((path) => path !== "" && existsSync(path));
}

/** A browser without a window, which shows one page until it is disposed of. */
export class Chromium implements AsyncDisposable {
  readonly #child;
  readonly #profile: string;
  /** Rejects when it ends by itself. */
  readonly ended: Promise<never>;

  private constructor(program: string, profile: string, url: string) {
    this.#profile = profile;
    const quiet = ["background-networking", "component-update", "sync", "gpu", "quic", "extensions", "dev-shm-usage"];
    this.#child = spawn(
      program,
      [
        "--headless",
        "--no-sandbox",
        "--no-first-run",
        ...quiet.map((what) => `--disable-${what}`),
        `--user-data-dir=${profile}`,
        // Names of the Internet lead here, as they do when somebody rebinds them; nothing else is found.
        "--host-resolver-rules=MAP *.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1",
        url,
      ],
      { detached: true, stdio: ["ignore", "ignore", "pipe"] },
    );
    let complaint = "";
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
    this.ended = new Promise((_, reject) => {
      this.#child.once("error", reject);
      this.#child.once("exit", (code) => reject(new Error(`the browser ended with ${code}: ${complaint}`)));
    });
    // Who only waits for a page does not care.
    this.ended.catch(() => {});
  }

  static async show(program: string, url: string): Promise<Chromium> {
    return new Chromium(program, await mkdtemp(join(tmpdir(), "chromium-")), url);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { pid } = this.#child;
    if (pid !== undefined && this.#child.exitCode === null) {
      process.kill(-pid, "SIGKILL");
      await this.ended.catch(() => {});
    }
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 10 });
  }
}
