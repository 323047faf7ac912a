/** Builds an ONNX graph and encodes it as protocol buffers (onnx.proto). */
import { display, fault, isListOf } from "../fault.ts";

declare const TextEncoder: new () => { encode(text: string): Uint8Array };

/** Element types of onnx.proto's TensorProto.DataType. */
const elementTypes = { float32: 1, int32: 6, int64: 7, float64: 11 } as const;
export type ElementType = keyof typeof elementTypes;

/** A dimension: its size, or a name if the size is known only when the model runs. */
export type Axis = number | string;

export function isAxis(value: unknown): value is Axis {
  return typeof value === "string" || (Number.isSafeInteger(value) && (value as number) >= 0);
}

/** A node's attribute; a plain number is an integer; a graph is the body of an operator such as Scan. */
export type Attribute = number | { float: number } | string | readonly number[] | readonly string[] | OnnxGraph;

/**
 * Collects the nodes, constants, inputs and outputs of a graph; names identify values.
 *
 * @example const doubled = graph.node("Mul", [x, graph.constant("two", [2], [])]);
 */
export class OnnxGraph {
  private readonly nodes: Uint8Array[] = [];
  private readonly constants = new Map<string, Uint8Array>();
  private readonly inputs: Uint8Array[] = [];
  private readonly outputs: Uint8Array[] = [];

  /** @param taken the names that are in use. */
  constructor(private readonly taken = new Set<string>()) {}

  /** A graph for an attribute of one of this graph's nodes; no name in it is one of this graph's. */
  body(): OnnxGraph {
    return new OnnxGraph(this.taken);
  }

  /** Adds a node with one output, and returns the name of the output. */
  node(operator: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}): string {
    return this.nodeWith(operator, inputs, attributes, [operator])[0];
  }

  /**
   * Adds a node, and returns the names of its outputs.
   *
   * @param inputs names of values; "" omits an optional input.
   * @param outputs preferred names; a number is appended to a name that is taken.
   * @throws TypeError for arguments of the wrong kind.
   */
  nodeWith(
    operator: string,
    inputs: readonly string[],
    attributes: Record<string, Attribute>,
    outputs: readonly string[],
  ): string[] {
    expect("operator", "a name", typeof operator === "string", operator);
    expect("inputs", "an array of names", isStrings(inputs), inputs);
    expect("outputs", "an array of names", isStrings(outputs) && outputs.length > 0, outputs);
    const isObject = typeof attributes === "object" && attributes !== null && !Array.isArray(attributes);
    expect("attributes", "an object of attributes", isObject, attributes);
    for (const [name, value] of Object.entries(attributes)) {
      expect(name, "integers, strings, { float } or a graph", isAttribute(value), value);
    }
    const names = outputs.map((name) => this.free(name));
    this.nodes.push(nodeProto(operator, inputs, names, attributes));
    return names;
  }

  /** Adds constant values, float32 by default, and returns their name; the shape is (length) by default. */
  constant(
    name: string,
    values: ArrayLike<number>,
    shape: readonly number[] = [values?.length],
    type: ElementType = "float32",
  ): string {
    expect("name", "a name", typeof name === "string", name);
    const isTyped = ArrayBuffer.isView(values) && !(values instanceof DataView);
    const isValid = (value: unknown) => typeof value === "number" && (type !== "int64" || Number.isSafeInteger(value));
    expect("values", "an array of numbers", isListOf(isTyped ? Array.from(values) : values, isValid), values);
    expect("shape", "integers ≥ 0", isListOf(shape, isSize), shape);
    expect("type", "float32, float64 or int64", typeof type === "string" && Object.hasOwn(elementTypes, type), type);
    const own = this.free(name);
    this.constants.set(own, tensorProto(own, values, shape, type));
    return own;
  }

  /** Declares an input of the model, float32 by default, and returns its name. */
  input(name: string, axes: readonly Axis[], type: ElementType = "float32"): string {
    expectValue(name, axes, type);
    const own = this.free(name);
    this.inputs.push(valueInfo(own, axes, type));
    return own;
  }

  /** Declares a value as an output of the model, under its own name. */
  output(name: string, value: string, axes: readonly Axis[], type: ElementType = "float32"): void {
    expectValue(name, axes, type);
    expect("value", "a name", typeof value === "string", value);
    const own = this.free(name);
    this.nodes.push(nodeProto("Identity", [value], [own], {}));
    this.outputs.push(valueInfo(own, axes, type));
  }

  /** The model's bytes. */
  encode(name: string, metadata: Record<string, string>): Uint8Array {
    return message(
      integer(1, 8), // ir_version
      text(2, "eddy"), // producer_name
      bytes(7, this.graphProto(name)),
      bytes(8, message(text(1, ""), integer(2, 17))), // opset_import; 17 is the first with LayerNormalization
      ...Object.entries(metadata).map(([key, value]) => bytes(14, message(text(1, key), text(2, value)))),
    );
  }

  /** The graph without the model around it. */
  graphProto(name: string): Uint8Array {
    return message(
      ...this.nodes.map((node) => bytes(1, node)),
      text(2, name),
      ...[...this.constants.values()].map((tensor) => bytes(5, tensor)),
      ...this.inputs.map((input) => bytes(11, input)),
      ...this.outputs.map((output) => bytes(12, output)),
    );
  }

  private free(name: string): string {
    let own = name;
    for (let i = 2; this.taken.has(own); i++) own = `${name}_${i}`;
    this.taken.add(own);
    return own;
  }
}

function expect(what: string, expected: string, valid: boolean, value: unknown): void {
  if (!valid) throw fault("type", "OnnxGraph", `${what} to be ${expected}`, display(value), "see the ONNX operators");
}

function expectValue(name: unknown, axes: unknown, type: unknown): void {
  expect("name", "a name", typeof name === "string", name);
  expect("axes", "an array of names and sizes", isListOf(axes, isAxis), axes);
  expect("type", "float32, float64 or int64", typeof type === "string" && Object.hasOwn(elementTypes, type), type);
}

const isSize = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;

function isStrings(value: unknown): value is readonly string[] {
  return isListOf(value, (entry) => typeof entry === "string");
}

function isAttribute(value: unknown): value is Attribute {
  if (typeof value === "string" || Number.isSafeInteger(value) || isStrings(value)) return true;
  if (value instanceof OnnxGraph) return true;
  if (Array.isArray(value)) return isListOf(value, Number.isSafeInteger);
  return typeof value === "object" && value !== null && "float" in value && typeof value.float === "number";
}

function nodeProto(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Record<string, Attribute>,
): Uint8Array {
  return message(
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(3, outputs[0]),
    text(4, operator),
    ...Object.entries(attributes).map(([name, value]) => bytes(5, attributeProto(name, value))),
  );
}

function attributeProto(name: string, value: Attribute): Uint8Array {
  const [float, int, string, graph, ints, strings] = [1, 2, 3, 5, 7, 8]; // AttributeProto.AttributeType
  if (value instanceof OnnxGraph) return message(text(1, name), bytes(6, value.graphProto(name)), integer(20, graph));
  if (typeof value === "string") return message(text(1, name), text(4, value), integer(20, string));
  if (typeof value === "number") return message(text(1, name), integer(3, value), integer(20, int));
  if ("float" in value) return message(text(1, name), float32(2, value.float), integer(20, float));
  return typeof value[0] === "string"
    ? message(text(1, name), ...value.map((entry) => text(9, entry as string)), integer(20, strings))
    : message(text(1, name), ...value.map((entry) => integer(8, entry as number)), integer(20, ints));
}

function tensorProto(name: string, values: ArrayLike<number>, shape: readonly number[], type: ElementType): Uint8Array {
  const size = type === "float32" ? 4 : 8;
  const raw = new Uint8Array(values.length * size);
  const view = new DataView(raw.buffer);
  for (let i = 0; i < values.length; i++) {
    if (type === "float32") view.setFloat32(i * size, values[i], true);
    else if (type === "float64") view.setFloat64(i * size, values[i], true);
    else view.setBigInt64(i * size, BigInt(values[i]), true);
  }
  return message(
    ...shape.map((length) => integer(1, length)),
    integer(2, elementTypes[type]),
    text(8, name),
    bytes(9, raw),
  );
}

function valueInfo(name: string, axes: readonly Axis[], type: ElementType): Uint8Array {
  const shape = message(
    ...axes.map((axis) => bytes(1, typeof axis === "number" ? message(integer(1, axis)) : message(text(2, axis)))),
  );
  const tensor = message(integer(1, elementTypes[type]), bytes(2, shape));
  return message(text(1, name), bytes(2, message(bytes(1, tensor))));
}

// The part of protocol buffers that onnx.proto needs: https://protobuf.dev/programming-guides/encoding/
// A library would be larger than these lines, and need descriptors.

/** A message is the concatenation of its fields. */
function message(...fields: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(fields.reduce((length, field) => length + field.length, 0));
  let at = 0;
  for (const field of fields) {
    whole.set(field, at);
    at += field.length;
  }
  return whole;
}

function varint(value: number): Uint8Array {
  const groups: number[] = [];
  // A negative int64 takes ten groups of its two's complement.
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    groups.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(groups);
}

const key = (field: number, wireType: number) => varint(field * 8 + wireType);

const integer = (field: number, value: number) => message(key(field, 0), varint(value));

const bytes = (field: number, value: Uint8Array) => message(key(field, 2), varint(value.length), value);

const text = (field: number, value: string) => bytes(field, new TextEncoder().encode(value));

function float32(field: number, value: number): Uint8Array {
  const raw = new Uint8Array(4);
  new DataView(raw.buffer).setFloat32(0, value, true);
  return message(key(field, 5), raw);
}
