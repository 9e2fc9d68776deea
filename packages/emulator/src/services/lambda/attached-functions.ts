import { serveAttached } from "@localemu/lambda-runtime";
import { functionArn } from "../../core/arns.ts";
import { noCodeZip } from "./code/no-code.ts";
import type { Deployments } from "./deployments.ts";
import { parseFunctionAddress, resolveFunction } from "./function-address.ts";
import type { FunctionTarget } from "./function-address.ts";
import type { RuntimeExchange } from "./invoke/ports.ts";
import type { FunctionStore } from "./state/function-store.ts";

/** Functions that processes outside run: they poll the Runtime API of a function, and get its invocations while they do. */
export interface AttachedFunctions {
  /** The code, a zip in base64, of a function that is made to be run from outside. */
  readonly noCode: string;
  /** Whether there is such a function. */
  has(region: string, address: string): boolean;
  /** How many polls a function has, those included that have an invocation. */
  polls(region: string, address: string): number;
  /** Serves a request to the Runtime API of a function: a name, partial ARN or ARN, with or without a qualifier. */
  serve(region: string, address: string, exchange: Omit<RuntimeExchange, "onReleased" | "onError">): void;
  /**
   * Stops the time limits of what runs a function from outside, and the world's time, until `resume` or until the last HTTP/2
   * session of it has ended. Tells whether there is such a function.
   */
  pause(region: string, address: string): boolean;
  /** Lets time go on. Tells whether there is such a function. */
  resume(region: string, address: string): boolean;
}

interface Parts {
  readonly functions: FunctionStore;
  readonly deployments: Deployments;
  /** Stops the world's time; the returned function lets it go on. */
  readonly holdTime: () => () => void;
  readonly reportInternalError: (label: string, error: unknown) => void;
}

type Session = NonNullable<RuntimeExchange["session"]>;

export function createAttachedFunctions({
  functions,
  deployments,
  holdTime,
  reportInternalError,
}: Parts): AttachedFunctions {
  const sessions = new Map<string, Set<Session>>();
  const held = new Map<string, () => void>();

  const serve: AttachedFunctions["serve"] = (region, address, exchange) => {
    const { target, arn } = find(region, address);
    if (target !== undefined && exchange.session !== undefined) know(arn, exchange.session);
    const current = target && deployments.pool(target.version)?.outside;
    const pools = deployments.pools(arn).map(({ outside }) => outside);
    const onError = (error: unknown): void => reportInternalError(`Runtime API of ${address}`, error);
    serveAttached({ ...exchange, onReleased: () => serve(region, address, exchange), onError }, pools, current);
  };

  const know = (arn: string, session: Session): void => {
    let known = sessions.get(arn);
    if (known === undefined) sessions.set(arn, (known = new Set()));
    if (known.has(session)) return;
    known.add(session);
    session.once("close", () => {
      known.delete(session);
      if (known.size > 0) return;
      sessions.delete(arn);
      goOn(arn);
    });
  };

  const goOn = (arn: string): void => {
    for (const { outside } of deployments.pools(arn)) outside.resume();
    held.get(arn)?.();
    held.delete(arn);
  };

  const find = (region: string, address: string): { readonly target?: FunctionTarget; readonly arn: string } => {
    const parsed = parseFunctionAddress(address);
    const where = parsed?.region ?? region;
    const resolution = resolveFunction(functions, where, address);
    if (resolution.kind === "found") return { target: resolution, arn: resolution.fn.arn };
    return { arn: functionArn(where, parsed?.name ?? address) };
  };

  return {
    noCode: noCodeZip,
    has: (region, address) => find(region, address).target !== undefined,
    polls: (region, address) =>
      deployments.pools(find(region, address).arn).reduce((sum, { outside }) => sum + outside.attached, 0),
    serve,
    pause(region, address) {
      const { target, arn } = find(region, address);
      if (target === undefined) return false;
      for (const { outside } of deployments.pools(arn)) outside.pause();
      if (!held.has(arn)) held.set(arn, holdTime());
      return true;
    },
    resume(region, address) {
      const { target, arn } = find(region, address);
      if (target === undefined) return false;
      goOn(arn);
      return true;
    },
  };
}
