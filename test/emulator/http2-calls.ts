import { connect } from "node:http2";
import type { ClientHttp2Session } from "node:http2";

/** Whom a call says it is for, as an SDK would. */
export interface Caller {
  /** The path of the endpoint: `/`, or a world's prefix. */
  readonly path: string;
  readonly accessKeyId: string;
}

/** One HTTP/2 session, on which calls follow one another in the order in which they were begun. */
export class Http2Calls implements Disposable {
  readonly #session: ClientHttp2Session;

  constructor(origin: string) {
    this.#session = connect(origin);
  }

  /** A call as an SDK signs it; LocalEmu does not check the signature. Rejects unless it is answered with 200. */
  call({ path, accessKeyId }: Caller, service: "kinesis" | "sqs", target: string, input: object): Promise<string> {
    const headers = {
      ":method": "POST",
      ":path": path,
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": target,
      "x-amz-date": "20260101T000000Z",
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=00`,
    };
    return this.#request(headers, JSON.stringify(input));
  }

  /** Resolves when the server has read all calls that were begun before on this session. */
  async arrived(): Promise<void> {
    await this.#request({ ":path": "/_localemu/info" }, "");
  }

  #request(headers: Readonly<Record<string, string>>, body: string): Promise<string> {
    const stream = this.#session.request(headers, { endStream: false });
    stream.end(body);
    stream.setEncoding("utf8");
    return new Promise((resolve, reject) => {
      let status: number | undefined;
      let text = "";
      stream.on("response", (answer) => (status = answer[":status"]));
      stream.on("data", (chunk: string) => (text += chunk));
      stream.on("error", reject);
      stream.on("end", () => (status === 200 ? resolve(text) : reject(new Error(`${status} ${text}`))));
    });
  }

  [Symbol.dispose](): void {
    this.#session.close();
  }
}
