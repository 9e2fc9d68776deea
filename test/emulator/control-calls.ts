/** What the control API answered to a request that no client of ours would make. */
export interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Calls `/_localemu/<path>` as it is written. */
export async function callControl(endpoint: string, request: string, body?: string): Promise<ControlAnswer> {
  const [method = "", path = ""] = request.split(" ");
  const response = await fetch(`${endpoint}/_localemu/${path}`, { method, ...(body !== undefined && { body }) });
  const text = await response.text();
  return { status: response.status, body: JSON.parse(text) };
}

export function controlError(status: number, code: string, message: unknown): ControlAnswer {
  return { status, body: { error: { code, message } } };
}
