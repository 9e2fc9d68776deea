import middy from "@middy/core";

const encoder = new TextEncoder();

export const handler = middy({ streamifyResponse: true })
  .use({
    after: (request) => {
      request.response.headers["x-powered-by"] = "middy";
    },
  })
  .handler(async (event) => {
    if (event.rawPath === "/text") return { statusCode: 202, headers: { "content-type": "text/plain" }, body: "whole" };
    const body = new ReadableStream({
      async start(controller) {
        controller.enqueue(encoder.encode("one,"));
        await (await fetch(event.queryStringParameters.gate)).text();
        controller.enqueue(encoder.encode("two"));
        controller.close();
      },
    });
    return { statusCode: 201, headers: { "content-type": "text/plain" }, body };
  });
