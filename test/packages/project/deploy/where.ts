import { hostname } from "node:os";

export const handler = async (): Promise<string> => hostname();
