/** What every front end is tried with. */
export const cells = {
  value: 'const answer: number = 6 * 7;\nconsole.log("printed");\nanswer',
  wrong: "const text: string = answer;",
  thrown: 'function fail(): never {\n  throw new RangeError("no such point");\n}\nfail();',
  table: '[{ method: "SimCLR", accuracy: 0.75 }, { method: "SCE", accuracy: 0.5 }]',
  loop: 'console.log("loops");\nwhile (true) {}',
  kept: "answer + 1",
  progress: `import { progress } from "kontrast";
const bar = progress({ total: 60, label: "Training" });
for (let step = 1; step <= 60; step++) {
  bar.update(step, \`loss \${(1 / step).toFixed(3)}\`);
  await new Promise((done) => setTimeout(done, 50));
}
bar.finish();`,
  figure: `import { lossCurves } from "kontrast";
const history = Array.from({ length: 40 }, (_, index) => ({ index, loss: Math.exp(-index / 15) + 0.1 }));
lossCurves({ name: "SimCLR", history })`,
  slider: `import { widget } from "kontrast";
const slider = widget({
  state: { value: 25 },
  esm: \`export default { render({ model, el }) {
    const input = Object.assign(document.createElement("input"), { type: "range", max: 100, className: "kontrast-slider" });
    const draw = () => { input.value = model.get("value"); };
    input.oninput = () => { model.set("value", Number(input.value)); model.save_changes(); };
    model.on("change:value", draw);
    draw();
    el.append(input);
  } }\`,
  fallback: ({ value }) => ({ "text/html": \`<p>slider at \${value}</p>\`, "text/plain": \`slider at \${value}\` }),
});
slider.on("change:value", (value) => console.log(\`moved to \${value}\`));
slider`,
  moved: "slider.get('value')",
  set: "slider.set({ value: 75 });",
  debugged: `function total(prices: readonly number[]): number {
  let sum = 0;
  for (const price of prices) sum += price;
  return sum;
}
total([1, 2, 3])`,
  image: `import { image, tf, engine } from "kontrast";
await engine.use("wasm");
await image(tf.linspace(0, 1, 64).reshape([8, 8]), { alt: "a gradient" })`,
};
