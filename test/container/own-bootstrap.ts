/** A `bootstrap` that answers each event; `body` is an expression of the answer, in which `next` is the response that has the event. */
export function bootstrapAnswering(body: string): string {
  return `#!/usr/bin/env node
    const api = "http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2018-06-01/runtime/invocation/";
    (async () => {
      for (;;) {
        const next = await fetch(api + "next");
        const id = next.headers.get("lambda-runtime-aws-request-id");
        await fetch(api + id + "/response", { method: "POST", body: ${body} });
      }
    })();`;
}
