import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

/** What tfjs-core's compiled tests expect to find: Jasmine's globals, on top of vitest's. */
type Body = (done?: (() => void) & { fail: (reason: unknown) => void }) => unknown;

const core = "../../../node_modules/@tensorflow/tfjs-core/dist";

interface Engine {
  reset(): void;
  setBackend(name: string): Promise<boolean>;
  startScope(): void;
  endScope(): void;
  disposeVariables(): void;
}
interface Environment {
  set(flag: string, value: boolean): void;
  platformName: string;
}
interface TestEnvironment {
  readonly name: string;
  readonly backendName: string;
  readonly isDataSync: boolean;
}

const testEnvironment: TestEnvironment = { name: "torch", backendName: "torch", isDataSync: true };

/** Stands in for tfjs-core's jasmine_util.js, which would load Jasmine itself. */
export function jasmineUtil() {
  const runs = (constraints?: { predicate?: (environment: TestEnvironment) => boolean; flags?: object }) =>
    !constraints?.flags && (constraints?.predicate?.(testEnvironment) ?? true);
  return {
    ALL_ENVS: {},
    NODE_ENVS: {},
    CHROME_ENVS: { predicate: () => false },
    BROWSER_ENVS: { predicate: () => false },
    SYNC_BACKEND_ENVS: { predicate: (environment: TestEnvironment) => environment.isDataSync },
    HAS_WORKER: { predicate: () => false },
    HAS_NODE_WORKER: { predicate: () => false },
    TEST_ENVS: [testEnvironment],
    setTestEnvs: () => undefined,
    registerTestEnv: () => undefined,
    describeWithFlags(name: string, constraints: Parameters<typeof runs>[0], tests: (e: TestEnvironment) => void) {
      if (!runs(constraints)) return;
      nested(name, () => {
        beforeAll(async () => {
          const { engine, env } = await tfjs();
          engine().reset();
          env().set("IS_TEST", true);
          await engine().setBackend("torch");
        });
        beforeEach(async () => (await tfjs()).engine().startScope());
        afterEach(async () => {
          const { engine } = await tfjs();
          engine().endScope();
          engine().disposeVariables();
        });
        tests(testEnvironment);
      });
    },
  };
}

async function tfjs(): Promise<{ engine: () => Engine; env: () => Environment }> {
  return (await import("../../../src/engine/tensor.js")) as never;
}

/** Names of the suites around the test that is being registered. */
const path: string[] = [];

function nested(name: string, body: () => void): void {
  describe(name, () => {
    path.push(name);
    body();
    path.pop();
  });
}

function installGlobals(isExcluded: (test: string) => boolean): void {
  const test = (name: string, body: Body) => {
    const run = isExcluded([...path, name].join(" > ")) ? it.skip : it;
    run(name, () => (body.length === 0 ? body() : withDone(body)) as Promise<void>);
  };
  Object.assign(globalThis, {
    describe: nested,
    it: test,
    xit: it.skip,
    xdescribe: describe.skip,
    beforeAll,
    beforeEach,
    afterAll,
    afterEach,
    expect,
    spyOn: spy,
    jasmine: { DEFAULT_TIMEOUT_INTERVAL: 0 },
    fail: (reason: unknown) => expect.fail(String(reason)),
  });
}

function withDone(body: Body): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = Object.assign(() => resolve(), { fail: reject });
    const result = body(done);
    if (result instanceof Promise) result.catch(reject);
  });
}

/** Jasmine's spies keep quiet unless told to call through; vitest's call through unless told to keep quiet. */
function spy(target: Record<string, () => unknown>, name: string) {
  const spied = vi.spyOn(target, name);
  spied.mockImplementation(() => undefined);
  return Object.assign(spied, { and: { callThrough: () => spied.mockRestore() } });
}

expect.extend({
  nothing: () => ({ pass: true, message: () => "" }),
  toBeTrue: (value: unknown) => ({ pass: value === true, message: () => `expected ${value} to be true` }),
  toBeFalse: (value: unknown) => ({ pass: value === false, message: () => `expected ${value} to be false` }),
});

/** Loads tfjs-core's compiled tests: each registers its suites. */
export async function loadTests(files: readonly string[], isExcluded: (test: string) => boolean): Promise<void> {
  installGlobals(isExcluded);
  for (const file of files) await import(/* @vite-ignore */ `${core}/${file}_test.js`);
}
