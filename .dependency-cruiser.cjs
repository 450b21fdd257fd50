/** The house's import rules (README, "The house"): what each room may import besides itself and `check`. */
const rooms = {
  check: [],
  display: [],
  kernel: ["display"],
  notebook: ["display", "kernel/client"],
  engine: ["display"],
  data: ["engine", "display"],
  views: ["engine", "data"],
  encoders: ["engine"],
  objectives: ["engine", "views"],
  methods: ["engine", "data", "views", "encoders", "objectives"],
  training: ["engine", "display", "data", "views", "encoders", "objectives", "methods"],
  evaluation: ["engine", "data", "encoders", "objectives", "views"],
  figures: ["engine", "display", "data", "views", "objectives", "training", "evaluation"],
};

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `${room}-imports-downwards`,
      severity: "error",
      from: { path: `^src/${room}/` },
      to: { path: "^src/", pathNot: `^src/(${[room, "check", ...allowed].join("|")})/` },
    })),
    {
      name: "one-door-to-tfjs",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/engine/" },
      to: { path: "@tensorflow" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
