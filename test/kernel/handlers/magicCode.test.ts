import { expect, test } from "vitest";
import { engineNames } from "../../../src/engine/report.js";
import { engineWords } from "../../../src/kernel/handlers/magicCode.js";

test("%engine is completed with the engines that there are", () => {
  expect([...engineWords]).toEqual(["auto", ...engineNames]);
});
