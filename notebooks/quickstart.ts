// %% [markdown]
// # What a contrastive loss does to every pair
//
// We train three methods on the same small images, with the same small ResNet and the same budget:
//
// - **SimCLR** (Chen et al. 2020, arXiv:2002.05709): every other image of the batch is a negative;
// - **MoCo v2** (Chen et al. 2020, arXiv:2003.04297): the negatives come from a queue of a slowly moving teacher's keys;
// - **SCE** (Denize et al. 2023, arXiv:2111.14585): the teacher's own similarities soften the target.
//
// Then we look at what each has learnt, and at what its loss says about every *pair* of images: which it pulls together,
// which it pushes apart, and which of those pushes are **false negatives**, pairs that show the same kind of thing.
//
// Everything here can be changed and run again. Interrupting a training keeps what it has learnt so far.

// %%
import { engine, md } from "kontrast";

const { name: engineName, version, device, threads } = await engine.use();
const seed = Number(process.env["KONTRAST_SEED"] ?? 0);
const budget = { images: 4096, epochs: engineName === "wasm" ? 3 : 8 };
md`**${engineName}** engine (${version}, ${device}, ${threads} threads), seed ${seed}; each method trains for ${budget.epochs} epochs on ${budget.images} images.`;

// %% [markdown]
// ## Data whose truth is known
//
// Ten kinds of silhouettes, drawn at any place, size, tilt, colour and texture on a background that knows nothing of them.
// Because we know the class of every image, we know which negatives are false: in a batch, about one in ten.

// %%
import { batchOf, groupById, shapes } from "kontrast";

const train = shapes({ count: budget.images, seed });
const test = shapes({ count: 2048, seed, firstId: budget.images });
const shown = batchOf(
  train,
  Int32Array.from({ length: 6 }, (_, index) => index),
);
const groupOf = groupById(train);

// %% [markdown]
// A *positive pair* is two views of one image. Below each view stands how it was made; `replay` would draw it again.

// %%
import { makeView, policies, positivePairs } from "kontrast";

const strong = policies.moco({ scale: [0.5, 1] });
const pairViews = [0, 1].map((view) => makeView(shown, strong, { seed, view, step: 0 }));
await positivePairs(
  pairViews.map(({ images }) => images),
  pairViews.map(({ refs }) => refs),
  { nameOf: (item) => train.classNames[groupOf(item)] ?? `item ${item}` },
);

// %% [markdown]
// ## Three trainings
//
// Each starts from the same weights, sees the same images as often in the same kind of views, and has temperature 0.2.
// MoCo and SCE compare with a queue of 512 keys. The papers train a hundred times longer; for so short a training the
// batch and the queue here are smaller, the crops larger, and the teacher follows faster (momentum 0.9, not 0.99). SCE's
// authors also give the teacher a weaker view (`policies.sceWeak`).

// %%
import { fit, type ImageArray, methods, smallResNet } from "kontrast";

const encoder = (data: ImageArray = train) => smallResNet({ imageShape: data.imageShape, seed });
const settings = { epochs: budget.epochs, batchSize: 128, learningRate: 1, seed };
const simclrMethod = methods.simclr({ encoder: encoder(), policies: [strong, strong], temperature: 0.2 });
const simclr = await fit(simclrMethod, train, settings);

// %%
const queue = { queueSize: 512, momentum: 0.9, temperature: 0.2, seed };
const mocoMethod = methods.moco({ encoder: encoder(), policies: [strong, strong], ...queue });
const moco = await fit(mocoMethod, train, settings);

// %%
const sceMethod = methods.sce({ encoder: encoder(), policies: [strong, strong], ...queue });
const sce = await fit(sceMethod, train, settings);

// %% [markdown]
// The losses are not comparable with each other: each method has its own candidates and its own smallest value. Those of MoCo
// and SCE first rise, since the queue starts as noise, which is easy to tell from an image, and fills with real keys.

// %%
import { lossCurves, type Run } from "kontrast";

const runs: Run[] = [simclr, moco, sce];
lossCurves(runs);

// %% [markdown]
// ## What has been learnt?
//
// The encoder is frozen. A **linear probe** is a logistic regression on its representation *h*; **kNN** lets the 200 nearest
// training images vote (Wu et al. 2018). An encoder with random weights and the raw pixels say what is there without learning.

// %%
import { knnProbe, linearProbe, pixels, represent, table, type tf } from "kontrast";

type Features = (data: ImageArray) => Promise<tf.Tensor2D>;

async function probe(representation: string, features: Features, on = { train, test }) {
  const split = {
    train: { features: await features(on.train), labels: on.train.labels },
    test: { features: await features(on.test), labels: on.test.labels },
  };
  const [linear, knn] = [await linearProbe(split), await knnProbe(split)];
  return { representation, "linear probe": linear.accuracy, kNN: knn.accuracy };
}

const untrained: Features = (data) => represent(encoder(data), data);
const scores = [await probe("raw pixels", pixels), await probe("random encoder", untrained)];
for (const { method } of runs) scores.push(await probe(method.name, (data) => represent(method.encoder, data)));
table(scores, { caption: `Accuracy on ${test.size} held-out images; chance is 0.1`, digits: 3 });

// %% [markdown]
// ## What the loss says about every pair
//
// One batch of 128 images, seen by the trained methods. Rows and columns are sorted by class, so inside an outlined block
// every negative is a **false negative**. For each pair: how similar the two are, what the objective wants (target), what
// the method believes (prediction), and the **force** = −(pull) or +(push) that the loss puts on the pair.
//
// First SimCLR. Its target knows one positive per image and nothing else, so it pushes away its own class: red inside the
// outlined blocks.

// %%
import { type Method, type PairTable, pairMatrices } from "kontrast";

const batch = batchOf(
  train,
  Int32Array.from({ length: 128 }, (_, index) => index),
);

function pairsOf(method: Method): PairTable {
  const views = method.policies.map((policy, view) => makeView(batch, policy, { seed, view, step: 0 }));
  return method.pairTable(
    views.map(({ images }) => images),
    views.map(({ refs }) => refs),
  );
}

const simclrPairs = pairsOf(simclr.method);
const { classNames } = train;
await pairMatrices(simclrPairs, { groupOf, classNames, title: "SimCLR", provenance: simclr.provenance });

// %% [markdown]
// Then SCE. Its target gives half its weight to keys that the teacher finds similar. Where such a key is of the anchor's class,
// the target relieves a false negative: it is pushed less, or even pulled (blue).

// %%
const scePairs = pairsOf(sce.method);
await pairMatrices(scePairs, { groupOf, classNames, title: "SCE", provenance: sce.provenance });

// %% [markdown]
// ## False negatives in numbers
//
// - *rate*: the share of negatives that are false;
// - *pressure*: how much an anchor confuses them with its positive (sum of predictions);
// - *relief*: how much of the target is given to them;
// - *net force*: what the loss does to them on balance, pushing (+) or pulling (−);
// - *repulsion share*: the share of all pushing that is spent on false negatives. Above *chance*, which is their share of the
//   negatives, the loss spends its effort on the wrong pairs.

// %%
import * as aq from "arquero";
import { falseNegatives } from "kontrast";

const tables = { simclr: simclrPairs, moco: pairsOf(moco.method), sce: scePairs };
const measured = [];
for (const [name, pairs] of Object.entries(tables)) {
  measured.push({ name, measures: await falseNegatives(pairs, groupOf) });
}
const numbers = aq
  .from(measured.map(({ name, measures: { perAnchor, ...means } }) => ({ method: name, ...means })))
  .derive({ timesChance: (row: { repulsionShare: number; chance: number }) => row.repulsionShare / row.chance })
  .select("method", "rate", "pressure", "relief", "netForce", "repulsionShare", "chance", "timesChance");
table(numbers, { caption: "False negatives in one batch", digits: 3 });

// %%
import { falseNegativeBars } from "kontrast";

falseNegativeBars(measured);

// %% [markdown]
// ## A map of the representation
//
// UMAP of the held-out images as SimCLR's encoder sees them; colours are the true classes, which no method was told.

// %%
import { subset, umap, umapPlot } from "kontrast";

const mapped = subset(test, { from: 0, to: 1000 });
const coordinates = await umap(await represent(simclr.method.encoder, mapped), { seed });
const { labels, ids } = mapped;
umapPlot(coordinates, { labels, classNames, ids, provenance: simclr.provenance });

// %% [markdown]
// ## The same on real images
//
// SCE once more, on Fashion-MNIST (Xiao et al. 2017): clothes in the middle of a black square, all upright. There raw pixels
// already tell much, and so short a training need not beat them. Kontrast reads the four official files and downloads nothing
// unless asked.

// %%
import { fashionMnist, isAtHand } from "kontrast";

async function onFashionMnist() {
  const on = {
    train: await fashionMnist({ split: "train", limit: budget.images }),
    test: await fashionMnist({ split: "test", limit: 2048 }),
  };
  const method = methods.sce({ encoder: encoder(on.train), policies: [strong, strong], ...queue });
  await fit(method, on.train, { ...settings, label: "sce on Fashion-MNIST" });
  const rows = [
    await probe("raw pixels", pixels, on),
    await probe("random encoder", untrained, on),
    await probe("sce", (data) => represent(method.encoder, data), on),
  ];
  return table(rows, { caption: `Fashion-MNIST, ${on.test.size} held-out images; chance is 0.1`, digits: 3 });
}

(await isAtHand("fashion-mnist"))
  ? await onFashionMnist()
  : "Fashion-MNIST is not on this machine. To get it (31 MB), run: npx kontrast data get fashion-mnist";
