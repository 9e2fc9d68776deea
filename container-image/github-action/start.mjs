/** The action's step: starts the container, waits until it answers, and exports what the AWS SDKs read. See action.yml. */
import { appendFileSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { docker, fail } from "./docker.mjs";

const { version } = JSON.parse(readFileSync(new URL("../../packages/emulator/package.json", import.meta.url), "utf8"));

try {
  await start();
} catch (error) {
  fail(error);
}

async function start() {
  const image = input("IMAGE") || `localemu/localemu:${version}`;
  const port = wholeNumber("PORT", 65_535);
  const timeoutMs = wholeNumber("TIMEOUT-SECONDS", 3600) * 1000;
  const options = optionLines().flatMap((line) => ["--env", line]);
  // Not `docker run`: where that fails to start what it has made, nobody learns of the container that is left.
  const id = await docker("create", "--init", "--publish", `127.0.0.1:${port}:4566`, ...options, image);
  // First, so that the container ends with the job whatever follows.
  tell("GITHUB_STATE", "container", id);
  await docker("start", id);
  try {
    const endpoint = `http://${await publishedAddress(id)}`;
    // From here on: the image was pulled and the container started, however long that took.
    await answers(endpoint, id, Date.now() + timeoutMs);
    exportEnvironment(endpoint, await info(endpoint));
    tell("GITHUB_OUTPUT", "endpoint", endpoint);
    tell("GITHUB_OUTPUT", "container-id", id);
    process.stdout.write(`LocalEmu answers at ${endpoint}\n`);
  } catch (error) {
    await showLog(id);
    throw error;
  }
}

/** A log that cannot be read must not hide why somebody wants to see it: what went wrong with it is told by docker itself. */
async function showLog(/** @type {string} */ id) {
  const log = await docker("logs", id).catch((/** @type {unknown} */ error) => String(error));
  process.stdout.write(`${log}\n`);
}

/** What a person wrote under `with`, without blanks around it. */
function input(/** @type {string} */ name) {
  return (process.env[`INPUT_${name}`] ?? "").trim();
}

function wholeNumber(/** @type {string} */ name, /** @type {number} */ most) {
  const text = input(name);
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > most) {
    throw new Error(`${name.toLowerCase()} must be a whole number from 0 to ${most}, not "${text}"`);
  }
  return value;
}

function optionLines() {
  const lines = input("ENVIRONMENT")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  for (const line of lines) {
    if (!/^[A-Z][A-Z0-9_]*=/.test(line)) throw new Error(`environment has lines NAME=value, not "${line}"`);
  }
  return lines;
}

async function publishedAddress(/** @type {string} */ id) {
  const [address = ""] = (await docker("port", id, "4566/tcp")).split("\n");
  return address;
}

async function answers(/** @type {string} */ endpoint, /** @type {string} */ id, /** @type {number} */ deadline) {
  while (true) {
    // Docker takes connections before the emulator does: one that says nothing must not outlast the deadline.
    const signal = AbortSignal.timeout(Math.max(1, deadline - Date.now()));
    const ready = await fetch(`${endpoint}/_localemu/health/ready`, { signal }).catch(() => undefined);
    if (ready?.ok === true) return;
    if ((await docker("inspect", "--format", "{{.State.Running}}", id)) !== "true") {
      throw new Error("the container ended before it answered; its log is above");
    }
    if (Date.now() > deadline) throw new Error("it did not answer in time; its log is above");
    await setTimeout(100);
  }
}

/** The default world's region and credentials. */
async function info(/** @type {string} */ endpoint) {
  const response = await fetch(`${endpoint}/_localemu/info`);
  if (!response.ok) throw new Error(`${endpoint}/_localemu/info answered ${response.status}`);
  return response.json();
}

function exportEnvironment(
  /** @type {string} */ endpoint,
  /** @type {{ region: string, credentials: { accessKeyId: string, secretAccessKey: string } }} */ {
    region,
    credentials,
  },
) {
  const variables = {
    // The test packages of LocalEmu use what runs there and start nothing.
    LOCALEMU_ENDPOINT: endpoint,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: "true",
  };
  for (const [name, value] of Object.entries(variables)) tell("GITHUB_ENV", name, value);
}

/** Appends to one of the files by which a step tells the runner something. */
function tell(
  /** @type {"GITHUB_ENV" | "GITHUB_OUTPUT" | "GITHUB_STATE"} */ channel,
  /** @type {string} */ name,
  /** @type {string} */ value,
) {
  const file = process.env[channel];
  if (file === undefined) throw new Error(`${channel} is not set: this runs as an action of GitHub's`);
  appendFileSync(file, `${name}=${value}\n`);
}
