// Texts of `eddy demo`: help, progress, live figure, page.

export const en = {
  help: {
    about: "Watch a recurrent network learn to predict cos from sin.",
    seed: "random seed",
    steps: "number of windows, one training step each",
    timeStep: "points per window of length π",
    lr: "learning rate of Adam",
    hidden: "size of the hidden state",
    forward: "how to apply the output layer: loop (point by point) or batched (all points at once)",
    dynamic: "use windows of random length: π, 2π or 3π",
    noCarry: "reset the hidden state before each window instead of carrying it over",
    out: "output folder for sin2cos.png and sin2cos.html",
    json: "print a single JSON object with every loss; plot nothing and write no files",
  },

  // errors
  lossNotFinite: (step: number, loss: number) =>
    `step ${step}: expected a finite loss, received ${loss} (training diverged); choose a smaller --lr.`,
  outOfMemory: (reason: string) =>
    `expected a network that fits in memory, received sizes that are too large (${reason}); choose a smaller --hidden or --time-step.`,
  interrupted: (step: number, steps: number) => `interrupted at step ${step} of ${steps}; no figure was written.`,

  // progress and result
  progress: (step: number, steps: number, loss: string) => `step ${step}/${steps}  loss ${loss}`,
  finalLoss: (loss: number, steps: number) => `final loss ${loss} after ${steps} ${steps === 1 ? "step" : "steps"}`,

  // the live figure
  title: "Eddy learns cos from sin",
  step: "step",
  loss: "loss",
  target: "target cos t",
  prediction: "prediction",
  both: "both",

  page: {
    lead: "The network receives only sin t, one point at a time. Red is the target, cos t; blue is the prediction, made before the network learns from that window. The hidden state is carried over from window to window.",
    leadNoCarry:
      "The network receives only sin t, one point at a time. Red is the target, cos t; blue is the prediction, made before the network learns from that window. The hidden state is reset before each window (--no-carry).",
    signalChart: "Target and prediction over time",
    lossChart: "Loss",
    time: "time t",
    value: "value",
    lossNote: "mean squared error, log scale",
    stepAxis: "step",
    latest: "latest windows",
    everything: "all windows",
    view: "View",
    play: "Play",
    pause: "Pause",
    replay: "Replay",
    slider: "Step",
    speed: "Speed",
    slow: "slow",
    normal: "normal",
    fast: "fast",
    status: "step {step} of {steps}, loss {loss}",
    keys: "Space: play or pause. ← and →: previous or next step. Home and End: first or last step. Click the loss curve to go to a step.",
    model: "The network",
    again: "Command to reproduce this run",
  },
};

export const zh: typeof en = {
  help: {
    about: "训练一个循环神经网络，由 sin 预测 cos，并实时显示训练过程。",
    seed: "随机数种子",
    steps: "训练的窗口数，每个窗口训练一步",
    timeStep: "每个窗口（长度为 π）的采样点数",
    lr: "Adam 的学习率",
    hidden: "隐藏状态的维数",
    forward: "输出层的计算方式：loop（逐个时间步）或 batched（所有时间步一次算完）",
    dynamic: "窗口长度从 π、2π、3π 中随机选取",
    noCarry: "每个窗口都从零状态开始，用于观察传递隐藏状态的作用",
    out: "sin2cos.png 和 sin2cos.html 的输出目录",
    json: "只输出一个 JSON 对象（含每一步的损失），不绘图，也不写文件",
  },

  lossNotFinite: (step, loss) => `第 ${step} 步：损失应为有限值，实际为 ${loss}；训练已发散，请减小 --lr。`,
  outOfMemory: (reason) => `内存不足（${reason}）；请减小 --hidden 或 --time-step。`,
  interrupted: (step, steps) => `在第 ${step} 步（共 ${steps} 步）中断，未生成图像。`,

  progress: (step, steps, loss) => `第 ${step}/${steps} 步  损失 ${loss}`,
  finalLoss: (loss, steps) => `训练 ${steps} 步后的损失：${loss}`,

  title: "Eddy：由 sin 预测 cos",
  step: "训练步",
  loss: "损失",
  target: "目标 cos t",
  prediction: "预测",
  both: "重合",

  page: {
    lead: "网络的输入只有 sin t，逐点给出。红线是目标 cos t，蓝线是网络在用目标更新权重之前的预测。隐藏状态从一个窗口传递到下一个窗口。",
    leadNoCarry:
      "网络的输入只有 sin t，逐点给出。红线是目标 cos t，蓝线是网络在用目标更新权重之前的预测。这次每个窗口都从零状态开始（--no-carry）。",
    signalChart: "目标与预测随时间的变化",
    lossChart: "损失",
    time: "时间 t",
    value: "数值",
    lossNote: "均方误差，对数坐标",
    stepAxis: "训练步",
    latest: "最近的窗口",
    everything: "全部窗口",
    view: "视图",
    play: "播放",
    pause: "暂停",
    replay: "重播",
    slider: "训练步",
    speed: "速度",
    slow: "慢",
    normal: "正常",
    fast: "快",
    status: "第 {step} 步（共 {steps} 步），损失 {loss}",
    keys: "空格键播放或暂停，← → 前后移动一步，Home / End 跳到开头或结尾。点击损失曲线可跳到对应的一步。",
    model: "网络结构",
    again: "重新运行的命令",
  },
};
