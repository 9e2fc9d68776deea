import { Hono } from "hono";
import { setCookie } from "hono/cookie";
import { stream, streamSSE } from "hono/streaming";
import { streamHandle } from "hono/aws-lambda";

const app = new Hono();

app.get("/hello/:name", (c) => {
  setCookie(c, "seen", "yes");
  setCookie(c, "often", "no");
  return c.json({ hello: c.req.param("name"), query: c.req.query("q") }, 201, { "x-powered-by": "hono" });
});

app.post("/echo", async (c) => c.body(await c.req.arrayBuffer(), 200, { "content-type": "image/png" }));

app.get("/events", (c) =>
  streamSSE(c, async (events) => {
    await events.writeSSE({ event: "first", data: "1" });
    await (await fetch(c.req.query("gate"))).text();
    await events.writeSSE({ event: "second", data: "2" });
  }),
);

app.get("/bytes", (c) =>
  stream(c, async (bytes) => {
    for (let i = 0; i < 80; i++) await bytes.write(new Uint8Array(100_000).fill(i));
  }),
);

export const handler = streamHandle(app);
