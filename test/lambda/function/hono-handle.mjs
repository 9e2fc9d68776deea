import { Hono } from "hono";
import { setCookie } from "hono/cookie";
import { handle } from "hono/aws-lambda";

const app = new Hono();

app.get("/hello/:name", (c) => {
  setCookie(c, "seen", "yes");
  setCookie(c, "often", "no");
  return c.json({ hello: c.req.param("name"), query: c.req.query("q") }, 201, { "x-powered-by": "hono" });
});

app.post("/echo", async (c) => c.body(await c.req.arrayBuffer(), 200, { "content-type": "image/png" }));

export const handler = handle(app);
