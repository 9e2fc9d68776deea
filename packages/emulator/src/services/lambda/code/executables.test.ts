import { expect, test } from "vitest";
import { Executables } from "./executables.ts";

const processes = { docker: false, preferred: "process" } as const;

test("asks once, but again after it could not be found out", async () => {
  const answers = [() => Promise.reject(new Error("EMFILE: too many open files")), () => Promise.resolve(true)];
  let asked = 0;
  const executables = new Executables(
    "/code",
    () => answers[asked++]?.() ?? Promise.reject(new Error("asked too often")),
  );
  await expect(executables.refuse("provided.al2023", processes)).rejects.toThrow("EMFILE");
  await executables.refuse("provided.al2023", processes);
  await executables.refuse("provided.al2023", processes);
  expect(asked).toBe(2);
});
