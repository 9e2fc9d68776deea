import { createServer } from "node:http";
import { ControlClient } from "@localemu/control";
import { afterAll, beforeAll, expect, test } from "vitest";
import { settledMapping } from "./mapping-handle.ts";

const uuid = "6a3f41c2-0000-4000-8000-000000000000";
const states: string[] = [];

/** A timeline that says which states the mapping has had, and goes on for ever. */
const server = createServer((_, response) => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const state of states) {
    const entry = { id: 1, at: 0, type: "mapping.stateChanged", mapping: uuid, functionName: "f", state };
    response.write(`data: ${JSON.stringify(entry)}\n\n`);
  }
});
let control: ControlClient;

beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  control = new ControlClient(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`);
});

afterAll(async () => {
  control.close();
  server.closeAllConnections();
  await new Promise<void>((resolve) => void server.close(() => resolve()));
});

test("a change is waited for until it is in force", async () => {
  states.splice(0, states.length, "Creating", "Enabled");
  await expect(settledMapping(control, uuid, 0)).resolves.toBeUndefined();
});

test("a change that does not come into force fails, and says where it stands", async () => {
  states.splice(0, states.length, "Disabling");
  await expect(settledMapping(control, uuid, 0, 2000)).rejects.toThrow(
    `The event source mapping ${uuid} was still Disabling after 2 s`,
  );
});
