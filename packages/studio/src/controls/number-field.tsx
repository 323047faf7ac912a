// A number that takes effect when it is complete and lies in its range; otherwise it says what is expected.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { useTexts } from "../texts/texts.ts";

export interface NumberFieldProps {
  label: string;
  value: number;
  low: number;
  high: number;
  isWhole?: boolean;
  children?: ComponentChildren;
  onChange(value: number): void;
}

export function NumberField({ label, value, low, high, isWhole, children, onChange }: NumberFieldProps): JSX.Element {
  const { knobs } = useTexts();
  const id = useId();
  const [text, setText] = useState(String(value));
  useEffect(() => setText(String(value)), [value]);
  const number = Number(text.replace(",", "."));
  const isValid = text.trim() !== "" && number >= low && number <= high && (!isWhole || Number.isInteger(number));
  const apply = () => {
    if (isValid && number !== value) onChange(number);
  };
  return (
    <div class="field">
      <label for={id}>
        {label} {children}
      </label>
      <input
        id={id}
        class="number"
        inputMode={isWhole ? "numeric" : "decimal"}
        value={text}
        aria-invalid={!isValid}
        aria-describedby={isValid ? undefined : `${id}-expected`}
        onInput={(event) => setText(event.currentTarget.value)}
        onChange={apply}
        onBlur={apply}
      />
      {!isValid && (
        <span class="expected" id={`${id}-expected`}>
          {knobs.outOfRange(String(low), String(high))}
        </span>
      )}
    </div>
  );
}
