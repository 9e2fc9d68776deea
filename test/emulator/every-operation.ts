import { expect } from "vitest";

/** What is asked of a client and of its commands: that of every service has it. */
export interface Client {
  send(command: object): Promise<unknown>;
}

interface Answer {
  readonly operation: string;
  readonly name: string;
  readonly message: string;
  readonly status: unknown;
  readonly attempts: unknown;
}

/**
 * Calls every operation that a service's SDK knows, with no more than its path needs, and checks that those that are listed as
 * declined answer so, at once, and that no other does.
 */
export async function expectDeclined(sdk: object, client: Client, declined: Readonly<Record<string, string>>) {
  const answers = await Promise.all(commandsOf(sdk).map((command) => answerOf(client, command)));
  expect(answers.length).toBeGreaterThan(Object.keys(declined).length);
  const refused = answers.filter(({ message }) => message.startsWith("not implemented by LocalEmu"));
  expect(refused.toSorted(byOperation)).toEqual(
    Object.entries(declined)
      .map(([operation, reason]) => ({
        operation,
        name: "NotImplementedException",
        message: `not implemented by LocalEmu: ${operation} (${reason})`,
        status: 501,
        attempts: 1,
      }))
      .toSorted(byOperation),
  );
}

export type Command = new (input: object) => object;

/** The commands of a service's SDK, with the operations that they are. */
export function commandsOf(sdk: object): { readonly operation: string; readonly Command: Command }[] {
  return Object.entries(sdk).flatMap(([name, value]: [string, unknown]) =>
    /^[A-Z]\w+Command$/.test(name) && isCommand(value)
      ? [{ operation: name.replace(/Command$/, ""), Command: value }]
      : [],
  );
}

function isCommand(value: unknown): value is Command {
  return typeof value === "function";
}

async function answerOf(
  client: Client,
  { operation, Command }: ReturnType<typeof commandsOf>[number],
): Promise<Answer> {
  try {
    await client.send(withPath(Command));
    return { operation, name: "none", message: "", status: 200, attempts: 1 };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const metadata: unknown = "$metadata" in error ? error.$metadata : undefined;
    const of = (member: string): unknown =>
      typeof metadata === "object" && metadata !== null ? Reflect.get(metadata, member) : undefined;
    // Whatever no server answered is a failure of the test itself.
    if (of("httpStatusCode") === undefined) throw new Error(`${operation} got no answer`, { cause: error });
    const { name, message } = error;
    return { operation, name, message, status: of("httpStatusCode"), attempts: of("attempts") };
  }
}

/** The SDK does not send a request whose path lacks a part. */
function withPath(Command: Command): object {
  const schema: unknown = Reflect.get(new Command({}), "schema");
  const labels = JSON.stringify(schema ?? []).matchAll(/\{(\w+)\+?\}/g);
  return new Command(Object.fromEntries(Array.from(labels, ([, label = ""]) => [label, "x"])));
}

function byOperation(a: { readonly operation: string }, b: { readonly operation: string }): number {
  return a.operation < b.operation ? -1 : 1;
}
