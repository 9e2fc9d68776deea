/**
 * Jest's preset: starts one LocalEmu for the run, gives each test file a world of its own, and registers the matchers.
 *
 * @example
 * ```js
 * // jest.config.js
 * module.exports = { preset: "@localemu/jest", testEnvironmentOptions: { localemu: { runtime: "embedded" } } };
 * ```
 */
export const preset: {
  readonly globalSetup: string;
  readonly globalTeardown: string;
  readonly testEnvironment: string;
  readonly setupFilesAfterEnv: readonly string[];
} = {
  globalSetup: require.resolve("@localemu/jest/global-setup"),
  globalTeardown: require.resolve("@localemu/jest/global-teardown"),
  testEnvironment: require.resolve("@localemu/jest/environment"),
  setupFilesAfterEnv: [require.resolve("@localemu/jest/extend")],
};

export default preset;
