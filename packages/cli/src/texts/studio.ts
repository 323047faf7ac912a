// Texts of `eddy studio`.

export const en = {
  help: {
    about: "Watch a network learn in the browser, on the tutorial's signal or on your own.",
    port: "port on this machine; 0 for any free port",
    noOpen: "do not open the browser",
  },
  running: "The page is served to this machine only. Ctrl-C stops it.",
  stopped: "stopped.",
  portInUse: (port: number) =>
    `--port: expected a free port, received ${port}, which another program uses; choose another one, or --port 0 for any.`,
  noPort: (port: number, reason: string) =>
    `--port: expected a port that can be opened, received ${port} (${reason}); choose a port from 1024 to 65535.`,
  notBuilt: (folder: string) => `expected the studio's files in ${folder}, received none; run npm run build.`,
  outOfMemory: (reason: string) => `expected enough memory for the page's files (${reason}); close other programs.`,
};

export const zh: typeof en = {
  help: {
    about: "在浏览器中观看网络的训练过程，可用教程的信号或自己的信号。",
    port: "本机端口；0 表示任意空闲端口",
    noOpen: "不打开浏览器",
  },
  running: "页面只对本机开放。按 Ctrl-C 停止。",
  stopped: "已停止。",
  portInUse: (port) => `--port：端口 ${port} 已被其他程序占用；请换一个端口，或用 --port 0 任选空闲端口。`,
  noPort: (port, reason) => `--port：无法打开端口 ${port}（${reason}）；请选择 1024 到 65535 之间的端口。`,
  notBuilt: (folder) => `${folder} 中没有演示台的文件；请运行 npm run build。`,
  outOfMemory: (reason) => `内存不足，无法读取页面文件（${reason}）；请关闭其他程序。`,
};
