import { type Magic, MagicError } from "./magic.js";

/** `%engine`: what computes. */
export const engine: Magic = {
  usage: "%engine [NAME [DEVICE]]",
  summary: "Puts an engine to use, such as `%engine torch cpu`; without a name says which there are.",
  async run({ argument }, { run }) {
    const [name, device, ...rest] = argument.split(/\s+/).filter((word) => word !== "");
    if (rest.length > 0)
      throw new MagicError(`%engine: takes a name and a device, got ${argument}; usage: ${engine.usage}`);
    const take = 'const { display, engine, table } = await module.import("kontrast");';
    if (name === undefined) {
      await run(`${take} await display(table(await engine.list()));`);
      return undefined;
    }
    const options = device === undefined ? {} : { device };
    const use = `engine.use(${JSON.stringify(name)}, ${JSON.stringify(options)})`;
    await run(`${take} const used = await ${use};
console.log([used.name, used.device && \`on \${used.device}\`, used.version && \`(\${used.version})\`].filter(Boolean).join(" "));`);
    return undefined;
  },
};
