import type { PeekedBucket, PeekedQueue, PeekedTopic } from "@localemu/control";
import { parseArn } from "../../core/arns.ts";
import { DataError } from "../../core/data-error.ts";
import { awsError } from "../../protocols/errors.ts";
import type {
  FailureDestination,
  Messaging,
  MessagingCall,
  MessagingPorts,
  MessagingReply,
  MessagingRequest,
  MessagingService,
  QueueReader,
} from "./ports.ts";
import { queryForm } from "./query-form.ts";
import { QueueChanges } from "./queue-changes.ts";
import { ServedCall } from "./served-call.ts";
import type { WorldStores } from "./world-stores.ts";

/** SQS, SNS and S3 of one world. Nothing of them is loaded before the first call, or before they are opened. */
export function createMessaging(ports: MessagingPorts): Messaging {
  return new LazyMessaging(ports);
}

class LazyMessaging implements Messaging {
  readonly #ports: MessagingPorts;
  readonly #changes = new QueueChanges();
  #stores: WorldStores | undefined;
  #closed = false;

  constructor(ports: MessagingPorts) {
    this.#ports = ports;
  }

  async open(): Promise<void> {
    const { WorldStores } = await import("./serve.ts");
    this.#open(WorldStores);
  }

  async handle(service: MessagingService, request: MessagingRequest, call: MessagingCall): Promise<MessagingReply> {
    const operation = operationOf(service, request);
    const served = new ServedCall(this.#ports, `${service} ${operation}`, call);
    const loaded = import("./serve.ts");
    let known: Pick<MessagingReply, "operation"> = {};
    try {
      const { serve, inCall, errorOf, isOperation, nameOf, neededPermissions, refusal, WorldStores } = await loaded;
      call.signal.throwIfAborted();
      const name = nameOf(service, operation, request);
      if (isOperation(service, name)) known = { operation: name };
      const denied = await this.#ports.authorize?.(
        service,
        neededPermissions(service, name, request, call.region),
        call,
      );
      const fault = denied ?? (await this.#ports.suffer(service, name));
      if (fault !== undefined) {
        const { code, message } = fault;
        this.#ports.record({ type: "call.failed", service, operation, code, message });
        return { ...refusal(service, fault, call.requestId), ...known, code };
      }
      const stores = this.#open(WorldStores);
      const reply = await inCall(served, () => serve(service, stores, this.#ports.clock, request, call));
      if (reply.status < 400) return { ...reply, ...known };
      const { code, message } = errorOf(reply);
      this.#ports.record({ type: "call.failed", service, operation, code, message });
      return { ...reply, ...known, code };
    } catch (error) {
      if (call.signal.aborted) throw error;
      const { internalFailure, refusal } = await loaded;
      // A full disk is no bug, and was told of when it was found.
      if (error instanceof DataError) {
        const failure = { code: "InternalFailure", message: error.message };
        this.#ports.record({ type: "call.failed", service, operation, ...failure });
        const { code } = failure;
        return { ...refusal(service, { ...failure, statusCode: 500 }, call.requestId), ...known, code };
      }
      this.#recordBug(`${service} ${operation}`, error);
      return { ...internalFailure(service, call.requestId), ...known };
    } finally {
      served.done();
    }
  }

  failureDestination(arn: string): FailureDestination | undefined {
    const parsed = parseArn(arn);
    const service = services.find((name) => name === parsed?.service);
    if (parsed === undefined || service === undefined) return undefined;
    return {
      send: async (body, options = {}) => {
        const { clock, activity } = this.#ports;
        const token = activity.begin(`report to ${arn}`);
        try {
          const { sendTo, inCall, errorOf, WorldStores } = await import("./serve.ts");
          const stores = this.#open(WorldStores);
          const answer = await inCall({ clock, traceHeader: options.traceHeader }, () =>
            sendTo(stores, parsed, arn, body, options),
          );
          if (answer.status < 400) return;
          const { code, message } = errorOf(answer);
          throw awsError(code, message);
        } finally {
          token.release();
        }
      },
    };
  }

  async openQueue(arn: string): Promise<QueueReader | undefined> {
    const parsed = parseArn(arn);
    if (parsed?.service !== "sqs") return undefined;
    const { openQueue, WorldStores } = await import("./serve.ts");
    const { region, resource: name } = parsed;
    return openQueue(this.#open(WorldStores), this.#changes, this.#ports.clock, { region, name, arn });
  }

  countQueues(): number {
    return this.#stores?.queueCount ?? 0;
  }

  policyOf(arn: string): string | undefined {
    return this.#stores?.policyOf(arn);
  }

  peekQueue(region: string, queueName: string): PeekedQueue | undefined {
    return this.#stores?.peekQueue(region, queueName);
  }

  peekTopic(region: string, topicName: string): PeekedTopic | undefined {
    return this.#stores?.peekTopic(region, topicName);
  }

  peekBucket(bucketName: string, key?: string): PeekedBucket | undefined {
    return this.#stores?.peekBucket(bucketName, key);
  }

  onQueueChanged(listener: (region: string, queueName: string) => void): () => void {
    return this.#changes.listen(listener);
  }

  close(): void {
    this.#closed = true;
    this.#stores?.close();
    this.#stores = undefined;
  }

  /** Synchronous, so that calls which loaded at the same time find the same stores. */
  #open(Stores: typeof WorldStores): WorldStores {
    if (this.#closed) throw new Error("the world is closed");
    const { clock, documents, record, functions } = this.#ports;
    this.#stores ??= new Stores(clock, documents, {
      queueChanged: (region, queueName) => this.#changes.add(region, queueName),
      record,
      functions,
    });
    return this.#stores;
  }

  #recordBug(where: string, error: unknown): void {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    this.#ports.record({ type: "internalError", where, message, ...(stack === undefined ? {} : { stack }) });
  }
}

const services = ["sqs", "sns", "s3"] as const;

const actionPattern = /^\w{1,64}$/;

/** What a call is shown as: the operation, or method and path where only S3 could tell which one it is. */
function operationOf(service: MessagingService, request: MessagingRequest): string {
  const { method, url, headers } = request;
  const target = headers["x-amz-target"];
  if (service === "sqs" && typeof target === "string") return target.slice(target.indexOf(".") + 1);
  const action = service === "s3" ? undefined : queryForm(request).get("Action");
  if (action !== undefined && actionPattern.test(action)) return action;
  const query = url.indexOf("?");
  return `${method} ${query === -1 ? url : url.slice(0, query)}`;
}
