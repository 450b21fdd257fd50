import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";

// tfjs-core ships its compiled tests, written for Jasmine. Jasmine itself runs them here, on the torch engine, and
// each spec reports as a test of vitest's.
const core = fileURLToPath(new URL("../../../node_modules/@tensorflow/tfjs-core/dist", import.meta.url));

interface Result {
  readonly id: string;
  readonly fullName: string;
  readonly status: "passed" | "failed" | "excluded" | "pending";
  readonly failedExpectations: readonly { readonly message: string; readonly stack: string }[];
}
interface Spec {
  readonly id: string;
  readonly children?: readonly Spec[];
  getPath(): string[];
}
interface JasmineEnvironment {
  topSuite(): { readonly children: readonly Spec[] };
  configure(options: object): void;
  addReporter(reporter: object): void;
  execute(): Promise<unknown>;
}
interface Constraints {
  predicate?: (() => boolean) | undefined;
  flags?: object | undefined;
}

/** Which of tfjs-core's suites: those for Node, those that it constrains to browsers, or both. */
export type Platform = "node" | "browser" | "any";

/** Specs by Jasmine's id: named with their suites, as in `conv2d > basic`. */
type Specs = ReadonlyMap<string, string>;

let environment: JasmineEnvironment | undefined;

/** Has Jasmine collect the specs for the torch engine from all compiled tests. It runs none yet. */
export async function collect(platform: Platform): Promise<Specs> {
  const require = createRequire(import.meta.url); // the package has no types
  const jasmine = require("jasmine-core").noGlobals();
  Object.assign(globalThis, jasmine);
  environment = jasmine.jasmine.getEnv() as JasmineEnvironment;
  environment.configure({ random: false, forbidDuplicateNames: false });
  const { setTestEnvs, ...constraints } = await import(/* @vite-ignore */ `${core}/jasmine_util.js`);
  if (platform !== "node") admitBrowsers(constraints, platform);
  setTestEnvs([{ name: "torch", backendName: "torch", isDataSync: true }]);
  for (const file of testFiles(platform)) await import(/* @vite-ignore */ `${core}/${file}`);
  const specs = new Map<string, string>();
  const visit = (node: Spec) => {
    if (node.children) node.children.forEach(visit);
    else specs.set(node.id, nameOf(node));
  };
  environment.topSuite().children.forEach(visit);
  return specs;
}

/** Runs the collected specs, each as a test of vitest's. */
export function run(specs: Specs, isExcluded: (name: string) => boolean): void {
  const done = new Map<string, (result: Result) => void>();
  const results = new Map([...specs.keys()].map((id) => [id, new Promise<Result>((resolve) => done.set(id, resolve))]));
  const failedSuites: string[] = [];
  let finished: Promise<unknown> | undefined;

  beforeAll(() => {
    const jasmine = environment as JasmineEnvironment;
    jasmine.configure({ specFilter: (spec: Spec) => !isExcluded(nameOf(spec)) });
    jasmine.addReporter({
      specDone: (result: Result) => done.get(result.id)?.(result),
      suiteDone: ({ fullName, failedExpectations: [failure] }: Result) => {
        if (failure) failedSuites.push(`${fullName}: ${failure.message}`);
      },
    });
    finished = jasmine.execute(); // each test below waits for its spec
  });

  for (const [id, name] of specs) {
    test.skipIf(isExcluded(name))(name, async (context) => {
      const result = (await results.get(id)) as Result;
      context.skip(result.status === "pending", "tfjs leaves it out (xit)");
      const [failure] = result.failedExpectations;
      if (failure) throw Object.assign(new Error(failure.message), { stack: `${failure.message}\n${failure.stack}` });
      expect(result.status).toBe("passed");
    });
  }

  test("what suites do before and after their specs succeeds", async () => {
    await finished;
    expect(failedSuites).toEqual([]);
  });
}

function testFiles(platform: Platform): string[] {
  const names = readdirSync(core, { recursive: true }).map(String);
  const tests = names.filter((name) => name.endsWith("_test.js")).sort();
  if (platform !== "browser") return tests;
  return tests.filter((name) => /BROWSER_ENVS|CHROME_ENVS/.test(readFileSync(join(core, name), "utf8")));
}

/** Changes the constraints of describeWithFlags: suites for browsers run too, or alone. */
function admitBrowsers(constraints: Record<string, Constraints>, platform: Platform): void {
  for (const [name, constraint] of Object.entries(constraints)) {
    if (!name.endsWith("_ENVS") || Array.isArray(constraint)) continue;
    const isBrowser = name === "BROWSER_ENVS" || name === "CHROME_ENVS";
    if (isBrowser || platform === "browser") constraint.predicate = () => isBrowser;
    delete constraint.flags;
  }
}

/** describeWithFlags adds the engine and its flags to the names of suites. */
function nameOf(spec: Spec): string {
  const parts = spec.getPath().map((part) => part.replace(/ torch \{.*\}$/, ""));
  return parts.join(" > ");
}
