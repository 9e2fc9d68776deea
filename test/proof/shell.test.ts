import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installPackages } from "../packages/installation.ts";
import type { Installation } from "../packages/installation.ts";
import { project, vitest } from "./vitest-run.ts";

let installation: Installation;

beforeAll(async () => {
  installation = await installPackages(project);
});

afterAll(() => installation[Symbol.asyncDispose]());

/** A developer's home directory whose every profile leads to AWS, or to a program that tells who asked it. */
function prepareHome(name: string) {
  const home = join(installation.directory, name);
  mkdirSync(join(home, ".aws"), { recursive: true });
  const asked = join(home, "asked");
  const profile = `region = eu-central-1
endpoint_url = https://kinesis.eu-central-1.amazonaws.com
services = elsewhere
use_dualstack_endpoint = true
use_fips_endpoint = true
ignore_configured_endpoint_urls = true
defaults_mode = auto
credential_process = touch ${asked}
sso_session = company
sso_account_id = 123456789012
sso_role_name = admin
`;
  const services = ["kinesis", "lambda", "s3", "sns", "sqs", "sts"]
    .map((service) => `${service} =\n  endpoint_url = https://${service}.eu-central-1.amazonaws.com\n`)
    .join("");
  const session = `[sso-session company]\nsso_region = eu-central-1\nsso_start_url = https://company.awsapps.com/start\n`;
  writeFileSync(
    join(home, ".aws", "config"),
    `[default]\n${profile}[profile prod]\n${profile}[services elsewhere]\n${services}${session}`,
  );
  const recorded = join(home, "connections");
  writeFileSync(recorded, "");
  const config = join(home, ".aws", "config");
  const variables = {
    HOME: home,
    USERPROFILE: home,
    AWS_PROFILE: "prod",
    AWS_DEFAULT_PROFILE: "prod",
    AWS_CONFIG_FILE: config,
    AWS_DEFAULT_REGION: "eu-central-1",
    AWS_SESSION_TOKEN: "of-somebody",
    AWS_WEB_IDENTITY_TOKEN_FILE: join(home, "token"),
    AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/admin",
    AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23/v1/credentials",
    AWS_ENDPOINT_URL_KINESIS: "https://kinesis.eu-central-1.amazonaws.com",
    AWS_ENDPOINT_URL_SQS: "https://sqs.eu-central-1.amazonaws.com",
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
    AWS_USE_DUALSTACK_ENDPOINT: "true",
    AWS_USE_FIPS_ENDPOINT: "true",
    AWS_DEFAULTS_MODE: "auto",
    RECORDED_CONNECTIONS: recorded,
    NODE_OPTIONS: `--import ${new URL("shell/record-connections.mjs", `file://${installation.directory}/`).href}`,
  };
  return { variables, asked, connections: () => readFileSync(recorded, "utf8").split("\n").filter(Boolean) };
}

/** That everything tried to reach was one port of this machine's, and that something was. */
function expectOneEndpoint(connections: readonly string[]): void {
  const targets = [...new Set(connections)];
  expect(targets).toEqual([expect.stringMatching(/^connect 127\.0\.0\.1:\d+$/)]);
}

test("a shell that leads to AWS: tests under Vitest reach nothing but the emulator", async () => {
  const { variables, asked, connections } = prepareHome("home-of-vitest");
  const { output } = await vitest(installation, "shell/vitest.ts", variables);
  expect(output).toMatch(/Tests\s+1 passed \(1\)/);
  expectOneEndpoint(connections());
  expect(existsSync(asked)).toBe(false);
});

test("a shell that leads to AWS: tests of node:test reach nothing but the emulator", async () => {
  const { variables, asked, connections } = prepareHome("home-of-node");
  const { output } = await installation.run(variables, "--test", "shell/node-test.mjs");
  expect(output).toMatch(/pass 1\n/);
  expectOneEndpoint(connections());
  expect(existsSync(asked)).toBe(false);
});

test("a client that is told nothing does try to leave the machine, and is seen", async () => {
  const { variables, connections } = prepareHome("home-of-nobody");
  const { code } = await installation.run(
    variables,
    "--input-type=module",
    "--eval",
    `import { callEverything } from "./shell/calls.ts"; await callEverything();`,
  );
  expect(code).not.toBe(0);
  expect(connections().join("\n")).toMatch(/amazonaws|awsapps|169\.254/);
});
