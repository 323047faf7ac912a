// A character-level classifier, as in PyTorch's tutorial on names and languages, on words that are made by rules of three languages.
import { collateSequences, DataLoader, manualSeed, noGrad, type Tensor, tensor } from "eddy";
import * as nn from "eddy/nn";
import * as optim from "eddy/optim";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const languages = {
  vowels: ["ka", "li", "mo", "ne", "tu"], // open syllables
  clusters: ["str", "ask", "plo", "ern", "ick"],
  doubles: ["ll", "atta", "oss", "ippo", "enne"],
};
const categories = Object.keys(languages);

let seed = 7;
const random = (n: number) => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return Math.floor((seed / 2 ** 32) * n);
};
const word = (parts: string[]) => Array.from({ length: 2 + random(3) }, () => parts[random(parts.length)]).join("");
const encode = (text: string) => tensor([...text].map((letter) => LETTERS.indexOf(letter)));
const samples = (count: number) =>
  Array.from({ length: count }, (): [Tensor, number] => {
    const category = random(categories.length);
    return [encode(word(Object.values(languages)[category])), category];
  });

class CharRNN extends nn.Module {
  embedding = new nn.Embedding(LETTERS.length, 8);
  gru = new nn.GRU(8, 16, { batchFirst: true });
  out = new nn.Linear(16, categories.length);

  forward(words: Tensor, lengths: Tensor): Tensor {
    const [, last] = this.gru.forward(this.embedding.forward(words), undefined, { lengths }); // padding is ignored
    return this.out.forward(last.squeeze(0));
  }
}

manualSeed(3);
const rnn = new CharRNN();
const optimizer = new optim.Adam(rnn.parameters(), { lr: 0.01 });
const criterion = new nn.CrossEntropyLoss();
const loader = new DataLoader(samples(600), { batchSize: 32, shuffle: true, collate: collateSequences });
const test = new DataLoader(samples(200), { batchSize: 200, collate: collateSequences });

for (let epoch = 1; epoch <= 3; epoch++) {
  let total = 0;
  for (const [words, labels, lengths] of loader) {
    const loss = criterion.forward(rnn.forward(words, lengths), labels);
    optimizer.zeroGrad();
    loss.backward();
    nn.clipGradNorm(rnn.parameters(), 1);
    optimizer.step();
    total += loss.item();
  }
  console.log(`epoch ${epoch}  loss ${(total / loader.length).toFixed(4)}`);
}

const [[words, labels, lengths]] = test;
const accuracy = noGrad(() => rnn.forward(words, lengths).argmax(1).eq(labels).mean().item());
console.log(`test accuracy ${accuracy.toFixed(3)}`);
if (accuracy < 0.9) throw new Error(`expected an accuracy of at least 0.9, received ${accuracy}`);
