// A service that predicts one step per request, with the state of each client. It answers itself once and stops; without
// the last four lines, it keeps running. Uses the model that soft-sensor.ts wrote.
import { readFileSync } from "node:fs";
import type { Stream } from "eddy/model";
import { Model } from "eddy/model";
import fastify from "fastify";

const model = Model.fromBytes(readFileSync("out/level.safetensors"));
const streams = new Map<string, Stream>();
const service = fastify();

service.post<{ Params: { client: string }; Body: { pump: number } }>(
  "/:client/step",
  ({ params: { client }, body }) => {
    const stream = streams.get(client) ?? model.stream();
    streams.set(client, stream);
    return stream.predict(body);
  },
);

const address = await service.listen({ host: "127.0.0.1", port: 0 });
const step = async (client: string, pump: number) => {
  const request = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ pump }) };
  return ((await (await fetch(`${address}/${client}/step`, request)).json()) as { level: number }).level.toFixed(3);
};
console.log("a, second 1 and 2:", await step("a", 5), await step("a", 5), " b, second 1:", await step("b", 5));
await service.close();
