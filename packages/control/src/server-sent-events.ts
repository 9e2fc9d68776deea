/** The `data` of each server-sent event in a text that comes in chunks; comments and other fields are skipped. */
export async function* serverSentData(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let unfinished = "";
  let data: string[] = [];
  for await (const chunk of chunks) {
    const lines = (unfinished + chunk).split("\n");
    unfinished = lines.pop() ?? "";
    for (const line of lines) {
      const text = line.endsWith("\r") ? line.slice(0, -1) : line;
      if (text === "") {
        if (data.length > 0) yield data.join("\n");
        data = [];
      } else if (text.startsWith("data:")) {
        data.push(text.slice(text.startsWith("data: ") ? 6 : 5));
      }
    }
  }
}
