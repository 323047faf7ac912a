/** Lines that a PyTorch user types from memory, from PyTorch's tutorials on sequences; after ⇒, the name that a rejection must give. */
export const lines = `
# creating tensors
const t = torch.tensor([[1, 2], [3, 4]]);
const t = torch.zeros(2, 3);
const t = torch.zeros([2, 3]);
const t = torch.ones(2, 3);
const t = torch.rand(2, 3);
const t = torch.randn(2, 3);
const t = torch.empty(2, 3);
const t = torch.full([2, 3], 7);
const t = torch.eye(3);
const t = torch.arange(10);
const t = torch.arange(0, 10, 2);
const t = torch.linspace(0, 1, 5);
const t = torch.randint(0, 10, [3]);
const t = torch.randperm(5);
const t = torch.zeros_like(x);
const t = torch.onesLike(x);
const t = torch.rand_like(x);
const t = torch.randnLike(x);
const t = torch.full_like(x, 2);
const t = torch.from_numpy(array);
const t = torch.fromNumpy(array);
const t = torch.as_tensor([1, 2]);
const t = torch.tensor([true, false]);
const t = torch.tensor(5).item();
torch.manual_seed(0);
torch.manualSeed(0);
torch.set_default_dtype("float64"); ⇒ float32
const device = torch.device("cpu"); ⇒ CPU
const device = torch.cuda.is_available() ? "cuda" : "cpu";
x.to("cuda"); ⇒ CPU
x.cuda(); ⇒ CPU
x.cpu(); ⇒ CPU
x.float(); ⇒ float32
x.double(); ⇒ float32
x.long(); ⇒ trunc
x.dtype; ⇒ float32
# looking at tensors
x.shape;
x.size();
x.size(0);
x.dim();
x.ndim;
x.numel();
x.shape[0];
x.requires_grad; ⇒ requiresGrad
x.requiresGrad;
x.tolist();
x.numpy();
out.detach().numpy();
out.detach().cpu().numpy(); ⇒ CPU
out.data.numpy();
out.numpy(); ⇒ detach
loss.item();
Number(loss);
x.is_contiguous(); ⇒ isContiguous
x.contiguous();
console.log(String(x));
const total = 0 + loss.item();
# indexing
x[0]; ⇒ at(0)
x[0][1]; ⇒ at(0)
x.at(0);
x.at(-1);
x.at(0, 1);
x.select(1, -1);
x.narrow(1, 0, 2);
x.index(":", -1);
x.index("...", 0);
x.index(":", "1:3");
x.index("::2");
x.index(0, ":", 0);
x.index(null);
a.index(a.gt(0.5));
a.index(tensor([0, 2]));
a.index([0, 2]);
x.slice(1, 0, -1);
a.index_select(0, tensor([0, 2])); ⇒ indexSelect
a.indexSelect(0, tensor([0, 2]));
a.gather(1, tensor([[0], [1], [2]]));
a.masked_fill(a.gt(0.5), 0); ⇒ maskedFill
a.maskedFill(a.gt(0.5), 0);
a.maskedSelect(a.gt(0.5));
torch.where(a.gt(0.5), a, b);
torch.where(a.gt(0.5), a, 0);
torch.zeros(3, 5).scatter(1, labels.unsqueeze(1), 1);
torch.zeros(3).scatterAdd(0, labels, 1);
torch.nonzero(v);
a.take(tensor([0]));
# shapes
x.view(4, -1);
x.reshape(-1, 1);
x.squeeze(-1);
x.squeeze();
x.unsqueeze(0);
x.transpose(0, 1);
x.permute(1, 0, 2);
x.flatten();
x.flatten(1);
torch.flatten(x, 1);
a.t();
a.T;
a.expand(2, 3, 4);
a.repeat(2, 1);
a.flip(0);
torch.flip(a, [0]);
x.movedim(0, 1);
torch.cat([a, b], 1);
torch.cat([a, b]);
torch.stack([a, b]);
torch.stack([a, b], 1);
a.split(2);
torch.split(a, [1, 2]);
a.chunk(2, 1);
const [i, f, g, o] = rand(3, 8).chunk(4, 1);
x.unbind(1);
a.expand_as(b); ⇒ expand(other.shape)
a.view_as(b); ⇒ view(other.shape)
# arithmetic
a.add(b);
a.sub(1);
a.mul(2).add(b);
a.div(b);
a.pow(2);
a.neg();
a.exp();
a.log();
a.sqrt();
a.abs();
a.sin();
torch.sin(a);
torch.cos(a);
torch.exp(a);
torch.tanh(a);
torch.sigmoid(a);
torch.relu(a);
torch.abs(a);
torch.pow(a, 2);
torch.add(a, b);
torch.mul(a, 2);
a + b; ⇒ add
const s = 1 + Number(a); ⇒ add
a.matmul(b.t());
torch.matmul(a, b.T);
a.mm(b.t());
torch.mm(a, b.T);
torch.bmm(x, x.transpose(1, 2));
v.dot(v);
torch.outer(v, v);
torch.einsum("bti,oi->bto", x, linear.weight);
a.clamp(0, 1);
torch.clamp(a, 0.1);
a.clamp_min(0);
torch.maximum(a, b);
torch.minimum(a, b);
a.floor();
a.ceil();
a.round();
torch.round(a);
a.sign();
a.log1p();
a.expm1();
torch.square(a);
a.square();
a.rsqrt();
# comparisons
a.gt(0);
a.ge(0);
a.lt(b);
a.le(b);
a.eq(b);
a.ne(b);
torch.isnan(a).any().item();
torch.isfinite(a).all();
torch.allclose(a, a);
torch.equal(a, b);
torch.logical_and(a.gt(0), b.gt(0));
scores.argmax(1).eq(labels).sum().item();
# reductions
a.sum();
a.sum(0);
a.sum(-1, true);
a.mean();
a.mean(1);
torch.mean(a);
torch.sum(a, 1);
a.max();
const [top, at] = a.max(1);
torch.max(a, 1);
a.argmax(-1);
torch.argmax(a, 1);
a.argmin();
a.min();
a.std();
a.var(0);
a.std(0, { unbiased: false });
a.norm();
torch.norm(a);
a.prod();
a.cumsum(0);
torch.cumsum(a, 1);
a.cumprod(1);
a.logsumexp(1);
const [values, indices] = scores.topk(2);
torch.topk(scores, 1, 1);
v.sort();
torch.argsort(v);
torch.median(v);
a.softmax(-1);
torch.softmax(a, 1);
a.log_softmax(1); ⇒ logSoftmax
a.logSoftmax(1);
torch.tril(torch.ones(4, 4));
torch.triu(torch.ones(4, 4), 1);
torch.multinomial(scores.softmax(1), 1);
# in place
torch.noGrad(() => w.add_(1));
torch.noGrad(() => w.mul_(0.5));
torch.noGrad(() => w.sub_(0.1));
torch.noGrad(() => w.zero_());
torch.noGrad(() => w.copy_(v));
torch.noGrad(() => w.fill_(2));
torch.noGrad(() => w.clamp_(-1, 1));
w.add_(1); ⇒ noGrad
x.zero_();
w.uniform_(-0.1, 0.1); ⇒ nn.init.uniform
w.data.normal_(0, 0.02);
# autograd
loss.backward();
loss.backward(undefined, { retainGraph: true });
loss.backward({ retain_graph: true }); ⇒ retainGraph
w.grad;
w.requires_grad = false; ⇒ requiresGrad
w.requiresGrad = false;
torch.zeros(3).requires_grad_(); ⇒ requiresGrad_
torch.zeros(3).requiresGrad_();
torch.tensor([1, 2], { requiresGrad: true }); ⇒ requiresGrad
h.detach();
h.data;
model.forward(x, h.data); ⇒ detach()
h.clone().detach();
const y = torch.no_grad(() => model.forward(x));
const y = torch.noGrad(() => model.forward(x));
torch.inference_mode(() => model.forward(x));
torch.no_grad(); ⇒ noGrad(() =>
torch.enableGrad(() => model.forward(x));
torch.set_grad_enabled(false); ⇒ noGrad(() =>
torch.autograd.grad(loss, model.parameters());
torch.autograd.detectAnomaly(() => loss.backward());
torch.autograd.set_detect_anomaly(true); ⇒ detectAnomaly
out.register_hook((g) => g); ⇒ registerHook
out.registerHook((g) => g.clamp(-1, 1));
out.retain_grad(); ⇒ retainGrad
out.retainGrad();
torch.checkpoint((x: Tensor) => linear.forward(x), x);
# layers
new nn.RNN(1, 32);
new nn.RNN({ inputSize: 1, hiddenSize: 32 });
new nn.RNN(1, 32, 1, { batchFirst: true });
new nn.RNN(1, 32, { batch_first: true }); ⇒ batchFirst
new nn.LSTM(1, 51);
new nn.LSTM(10, 20, 2);
new nn.LSTM(10, 20, { numLayers: 2, batchFirst: true, bidirectional: true });
new nn.LSTM({ input_size: 1, hidden_size: 8 }); ⇒ inputSize
new nn.LSTM(10, 20, { num_layers: 2 }); ⇒ numLayers
new nn.LSTM(10, 20, { projSize: 5 });
new nn.GRU(10, 20, { dropout: 0.1, numLayers: 2 });
new nn.LSTMCell(1, 51);
new nn.GRUCell(1, 5);
new nn.RNNCell(1, 5);
new nn.Linear(32, 1);
new nn.Linear(32, 1, { bias: false });
new nn.Linear(32, 1, false); ⇒ bias
new nn.Embedding(10, 3);
new nn.Embedding(10, 3, { paddingIdx: 0 });
new nn.Dropout(0.5);
new nn.LayerNorm(8);
new nn.BatchNorm1d(8);
new nn.Conv1d(1, 4, 3);
new nn.Conv1d(1, 4, 3, { padding: 1 });
new nn.Conv1d(1, 4, 3, { padding: "same" });
new nn.Sequential(new nn.Linear(1, 8), new nn.ReLU(), new nn.Linear(8, 1));
new nn.Sequential([new nn.Linear(1, 8), new nn.ReLU()]); ⇒ new nn.Sequential(first, second)
new nn.ModuleList([new nn.Linear(1, 8)]);
new nn.ModuleDict({ a: new nn.Linear(1, 8) });
new nn.ParameterList([new nn.Parameter(torch.zeros(3))]);
new nn.Tanh();
new nn.Sigmoid();
new nn.GELU();
new nn.SiLU();
new nn.LeakyReLU(0.2);
new nn.ELU();
new nn.Softplus();
new nn.Softmax(1);
new nn.LogSoftmax(1);
new nn.Identity();
new nn.Flatten();
new nn.Parameter(torch.randn(3));
new nn.Transformer(8);
new nn.MultiheadAttention(8, 2);
# forward passes
model.forward(x);
model(x); ⇒ model.forward(x)
linear(x); ⇒ forward
criterion(out, y); ⇒ forward
const [o, [hn, cn]] = lstm.forward(x);
lstm.forward(x, [torch.zeros(1, 4, 8), torch.zeros(1, 4, 8)]);
lstm.forward(x, undefined, { lengths });
gru.forward(x, torch.zeros(1, 4, 8));
gru.forward(x, null); ⇒ none
let [hx, cx] = cell.forward(x.select(1, 0));
cell.forward(x.select(1, 0), [torch.zeros(4, 8), torch.zeros(4, 8)]);
embedding.forward(ids);
embedding(ids); ⇒ forward
for (let i = 0; i < x.size(1); i++) linear.forward(x.index(":", i));
for (const step of x.unbind(1)) linear.forward(step);
for (const [i, step] of x.split(1, 1).entries()) linear.forward(step.squeeze(1));
# functional
F.relu(a);
F.tanh(a);
F.softmax(scores, 1);
F.log_softmax(scores, 1);
F.logSoftmax(scores, -1);
F.mse_loss(out, y);
F.mseLoss(out, y);
F.mse_loss(out, y, { reduction: "sum" });
F.l1_loss(out, y);
F.smooth_l1_loss(out, y);
F.cross_entropy(scores, labels);
F.nll_loss(F.log_softmax(scores, 1), labels);
F.binary_cross_entropy(torch.sigmoid(out), y);
F.binary_cross_entropy_with_logits(out, y);
F.dropout(a, 0.5, true);
F.dropout(a, { training: false }); ⇒ number
F.one_hot(labels, 4);
F.pad(x, [0, 0, 1, 1]);
F.linear(x, linear.weight, linear.bias);
F.conv1d(x.transpose(1, 2), torch.rand(2, 1, 3));
F.gelu(a);
F.leaky_relu(a, 0.1);
F.normalize(a);
nn.functional.relu(a);
nn.functional.mse_loss(out, y);
# losses
new nn.MSELoss();
new nn.MSELoss({ reduction: "sum" });
new nn.L1Loss();
new nn.SmoothL1Loss();
new nn.HuberLoss();
new nn.CrossEntropyLoss().forward(scores, labels);
new nn.CrossEntropyLoss({ ignoreIndex: 0 });
new nn.CrossEntropyLoss({ weight: torch.ones(4) });
new nn.CrossEntropyLoss().forward(scores, scores.softmax(1));
new nn.NLLLoss().forward(scores.logSoftmax(1), labels);
new nn.BCELoss().forward(out.sigmoid(), y);
new nn.BCEWithLogitsLoss().forward(out, y);
new nn.GaussianNLLLoss();
new nn.KLDivLoss();
new nn.CTCLoss();
# modules
model.parameters();
model.named_parameters(); ⇒ namedParameters
for (const [name, p] of model.namedParameters()) p.requiresGrad = false;
for (const p of model.parameters()) p.requires_grad = false; ⇒ requiresGrad
for (const p of model.parameters()) p.requiresGrad = false;
model.parameters().filter((p) => p.requiresGrad);
model.parameters().reduce((sum, p) => sum + p.numel, 0);
model.parameters().reduce((sum, p) => sum + p.numel(), 0);
model.train();
model.eval();
model.zero_grad(); ⇒ zeroGrad
model.zeroGrad();
model.state_dict(); ⇒ stateDict
model.stateDict();
model.load_state_dict(model.stateDict()); ⇒ loadStateDict
model.loadStateDict(model.stateDict());
model.loadStateDict(model.stateDict(), { strict: false });
model.to("cpu"); ⇒ CPU
model.cuda(); ⇒ CPU
model.apply((m) => { if (m instanceof nn.Linear) nn.init.zeros(m.weight); });
model.modules();
model.named_modules(); ⇒ namedModules
model.namedModules();
model.children();
model.requires_grad_(false); ⇒ requiresGrad_
model.rnn.requiresGrad_(false);
model.register_buffer("mean", torch.zeros(1)); ⇒ registerBuffer
model.registerBuffer("mean", torch.zeros(1));
model.fc.register_forward_hook(() => {}); ⇒ registerForwardHook
model.fc.registerForwardHook((m, inputs, output) => console.log(output));
model.rnn.weight_ih_l0;
model.fc.weight.shape;
console.log(String(model));
nn.init.xavier_uniform_(model.fc.weight);
nn.init.xavierUniform_(model.fc.weight);
nn.init.uniform_(model.fc.weight, -0.1, 0.1);
nn.init.zeros_(model.fc.bias!);
nn.init.orthogonal_(model.rnn.weight_hh_l0);
nn.init.kaiming_normal_(model.fc.weight);
nn.init.constant_(model.fc.bias!, 0);
nn.init.normal_(model.fc.weight, 0, 0.01);
# optimisers
new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
new optim.SGD(model.parameters(), 0.1); ⇒ object
new optim.Adam(model.parameters());
new optim.Adam(model.parameters(), { lr: 1e-3, weightDecay: 1e-4 });
new optim.Adam(model.parameters(), { lr: 1e-3, weight_decay: 1e-4 }); ⇒ weightDecay
new optim.Adam(model.parameters(), { amsgrad: true });
new optim.AdamW(model.parameters(), { lr: 1e-3 });
new optim.RMSprop(model.parameters(), { lr: 1e-3 });
new optim.Adagrad(model.parameters(), { lr: 0.01 });
new optim.NAdam(model.parameters());
new optim.RAdam(model.parameters());
new optim.Adamax(model.parameters());
new optim.LBFGS(model.parameters(), { lr: 0.8 });
new optim.LBFGS(model.parameters(), { lineSearchFn: "strong_wolfe" });
new optim.Adadelta(model.parameters());
new optim.SGD([{ params: model.rnn.parameters() }, { params: model.fc.parameters(), lr: 0.01 }], { lr: 0.1 });
optimizer.zero_grad(); ⇒ zeroGrad
optimizer.zeroGrad();
loss.backward(); optimizer.step();
optimizer.step(() => { optimizer.zeroGrad(); const loss = criterion.forward(model.forward(x)[0], y); loss.backward(); return loss; });
new optim.LBFGS(model.parameters()).step(() => { const loss = criterion.forward(model.forward(x)[0], y); loss.backward(); return loss; });
optimizer.param_groups[0].lr = 0.1; ⇒ paramGroups
optimizer.paramGroups[0].lr = 0.1;
for (const g of optimizer.paramGroups) g.lr *= 0.5;
optimizer.add_param_group({ params: linear.parameters() }); ⇒ addParamGroup
optimizer.addParamGroup({ params: linear.parameters() });
optimizer.state_dict(); ⇒ stateDict
optimizer.loadStateDict(optimizer.stateDict());
nn.utils.clip_grad_norm_(model.parameters(), 1);
nn.utils.clipGradNorm_(model.parameters(), 1);
nn.clipGradNorm(model.parameters(), 0.25);
nn.utils.clip_grad_value_(model.parameters(), 0.5);
# schedules
new optim.lr_scheduler.StepLR(optimizer, { stepSize: 30, gamma: 0.1 });
new optim.lr_scheduler.StepLR(optimizer, { step_size: 30 }); ⇒ stepSize
new optim.lrScheduler.StepLR(optimizer, { stepSize: 30 });
new optim.StepLR(optimizer, { stepSize: 30 });
new optim.lr_scheduler.StepLR(optimizer, 1, 0.95); ⇒ object
new optim.lr_scheduler.ExponentialLR(optimizer, { gamma: 0.9 });
new optim.lr_scheduler.CosineAnnealingLR(optimizer, { tMax: 10 });
new optim.lr_scheduler.CosineAnnealingLR(optimizer, { T_max: 10 }); ⇒ tMax
new optim.lr_scheduler.ReduceLROnPlateau(optimizer, { patience: 3 });
new optim.lr_scheduler.ReduceLROnPlateau(optimizer, "min"); ⇒ object
new optim.lr_scheduler.LambdaLR(optimizer, (epoch) => 0.95 ** epoch);
new optim.lr_scheduler.MultiStepLR(optimizer, { milestones: [30, 80] });
new optim.lr_scheduler.OneCycleLR(optimizer, { maxLr: 0.1, totalSteps: 10 });
new optim.lr_scheduler.LinearLR(optimizer);
new optim.lr_scheduler.ConstantLR(optimizer);
new optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, { t0: 10 });
new optim.lr_scheduler.SequentialLR(optimizer, { schedulers: [new optim.LinearLR(optimizer), scheduler], milestones: [3] });
scheduler.step();
scheduler.get_last_lr(); ⇒ lastLr
scheduler.getLastLr(); ⇒ lastLr
scheduler.lastLr;
scheduler.stateDict();
# sequences
nn.utils.rnn.pad_sequence(sequences, { batchFirst: true });
nn.utils.rnn.padSequence(sequences);
nn.padSequence(sequences, { batchFirst: true, paddingValue: -1 });
nn.utils.rnn.pad_sequence(sequences, true); ⇒ object
nn.utils.rnn.pack_padded_sequence(x, lengths, { batchFirst: true }); ⇒ lengths
nn.utils.rnn.packPaddedSequence(x, lengths); ⇒ lengths
nn.utils.rnn.pad_packed_sequence(out); ⇒ forward
lstm.forward(x, undefined, { lengths: torch.tensor(lengths) });
lstm.forward(x, undefined, { lengths: new Int32Array(lengths) });
nn.unpadSequence(out, lengths, { batchFirst: true });
# data
new torch.TensorDataset(x, y);
new torch.DataLoader(dataset, { batchSize: 2, shuffle: true });
new torch.DataLoader(dataset, { batch_size: 2 }); ⇒ batchSize
new torch.DataLoader([1, 2, 3], { batchSize: 2, collate: (items) => items });
new torch.DataLoader(dataset, { batchSize: 2, dropLast: true });
for (const [xb, yb] of loader) criterion.forward(model.forward(xb)[0], yb);
loader.length;
dataset.length;
dataset.get(0);
dataset[0]; ⇒ get
torch.random_split(dataset, [3, 1]);
torch.utils.data.DataLoader;
for (const [w] of new torch.Windows([series], { length: 10, lanes: 2 })) model.forward(w);
# training loops of the tutorials
for (let epoch = 0; epoch < 2; epoch++) { optimizer.zeroGrad(); const [o] = model.forward(x); const l = criterion.forward(o, y); l.backward(); optimizer.step(); }
let state: Tensor | undefined; for (let i = 0; i < 2; i++) { const [o, n] = model.forward(x, state); state = n.data; } ⇒ detach
let state: Tensor | undefined; for (let i = 0; i < 2; i++) { const [o, n] = model.forward(x, state); state = n.detach(); }
let total = 0; for (const [xb, yb] of loader) total += criterion.forward(model.forward(xb)[0], yb).item();
let total = 0; for (const [xb, yb] of loader) total += criterion.forward(model.forward(xb)[0], yb); ⇒ number
model.eval(); torch.noGrad(() => { for (const [xb] of loader) model.forward(xb); }); model.train();
let input = x.select(1, 0); const outs = []; for (let t = 0; t < 3; t++) { const [o] = model.forward(input.unsqueeze(1)); input = Math.random() < 0.5 ? y.select(1, t) : o.squeeze(1).detach(); outs.push(o); } torch.cat(outs, 1);
let [h0, c0] = [torch.zeros(4, 8), torch.zeros(4, 8)]; for (const step of x.chunk(x.size(1), 1)) [h0, c0] = cell.forward(step.squeeze(1), [h0, c0]);
const category = scores.topk(1)[1].at(0, 0).item();
const accuracy = scores.argmax(1).eq(labels).mean().item();
const oneHot = torch.zeros(1, 5); oneHot.at(0, 2).fill_(1);
const hidden0 = torch.zeros(1, 4, 8); gru.forward(x, hidden0);
const perplexity = Math.exp(loss.item());
# saving and exporting
torch.save(model.stateDict(), "model.pt"); ⇒ toSafetensors
torch.load("model.pt"); ⇒ fromSafetensors
torch.toSafetensors(model.stateDict());
model.loadStateDict(torch.fromSafetensors(torch.toSafetensors(model.stateDict())).tensors);
torch.onnx.export(model, x, "model.onnx"); ⇒ toOnnx
toOnnx(new nn.Sequential(new nn.Linear(1, 8), new nn.ReLU()));
toOnnx(lstm);
torch.jit.script(model); ⇒ toOnnx
new optim.AveragedWeights(model, { decay: 0.999 }).update();
new optim.swa_utils.AveragedModel(model); ⇒ AveragedWeights
`;
