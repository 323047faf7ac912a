// A value that views observe; a component draws itself again when it changes.
import { useEffect, useState } from "preact/hooks";

export class Store<T extends object> {
  #value: T;
  readonly #observers = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(changes: Partial<T>): void {
    const value = this.#value;
    if (!(Object.keys(changes) as (keyof T)[]).some((key) => changes[key] !== value[key])) return;
    this.#value = { ...value, ...changes };
    for (const observer of [...this.#observers]) observer();
  }

  /** Calls back after each change; returns the function that ends this. */
  observe(observer: () => void): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }
}

/** The store's value in a component. */
export function useStore<T extends object>(store: Store<T>): T {
  const [value, setValue] = useState(store.value);
  useEffect(() => {
    setValue(store.value); // it may have changed between the first drawing and this effect
    return store.observe(() => setValue(store.value));
  }, [store]);
  return value;
}
