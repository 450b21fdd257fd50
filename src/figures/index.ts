export { createFigure } from "./createFigure.js";
export { falseNegativeBars, type NamedMeasures } from "./falseNegativeBars.js";
export type { Figure, FigureParts, PlotlySpec } from "./figure.js";
export { libraryScript } from "./html/library.js";
export { type FigureOptions, type FigureWidth, venueWidths } from "./layout.js";
export { type LossPoint, type LossSource, lossCurves } from "./lossCurves.js";
export { configurationHash } from "./provenance.js";
export { type UmapPlotOptions, umapPlot } from "./umapPlot.js";
