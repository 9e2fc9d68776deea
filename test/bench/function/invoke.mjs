/** What every invocation of the benchmark does. */
export const echo = async (event) => ({ ok: true, n: event.n });

export const pour = async (event, stream) => {
  stream.write("first");
  stream.end("second");
};

export const stream = globalThis.awslambda?.streamifyResponse(pour);
