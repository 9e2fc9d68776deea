/** Streams as many bytes as the query says, no faster than they are taken. */
const chunk = Buffer.alloc(64 * 1024, "x");

export const handler = awslambda.streamifyResponse(async (event, stream) => {
  let left = Number(event.queryStringParameters.bytes);
  while (left > 0) {
    const piece = left < chunk.length ? chunk.subarray(0, left) : chunk;
    left -= piece.length;
    if (!stream.write(piece)) await new Promise((resolve) => stream.once("drain", resolve));
  }
  stream.end();
});
