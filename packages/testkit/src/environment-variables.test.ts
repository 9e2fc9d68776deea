import { expect, test } from "vitest";
import { setVariables } from "./environment-variables.ts";

test("variables are set, those that lead clients elsewhere are not, and all is restored", () => {
  const before = {
    PATH: "/bin",
    AWS_REGION: "eu-west-1",
    AWS_PROFILE: "production",
    AWS_ENDPOINT_URL_S3: "http://elsewhere",
    AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://elsewhere",
    AWS_LAMBDA_FUNCTION_NAME: "mine",
  };
  const environment: NodeJS.ProcessEnv = { ...before };
  const restore = setVariables(environment, { AWS_ENDPOINT_URL: "http://here", AWS_REGION: "us-east-1" });
  expect(environment).toEqual({
    PATH: "/bin",
    AWS_REGION: "us-east-1",
    AWS_ENDPOINT_URL: "http://here",
    AWS_LAMBDA_FUNCTION_NAME: "mine",
  });
  restore();
  expect(environment).toEqual(before);
});
