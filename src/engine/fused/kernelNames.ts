/** Inputs x [..., C], scale [C], offset [C]; attribute varianceEpsilon; outputs y, mean [C], biased variance [C]. */
export const BatchNormTraining = "BatchNormTraining";

/** Inputs dy, x, scale, mean, variance; attribute varianceEpsilon; outputs dx, dScale, dOffset. */
export const BatchNormTrainingGrad = "BatchNormTrainingGrad";
