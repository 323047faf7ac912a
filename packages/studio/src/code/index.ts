// The program for the current settings as text, in two languages.
export { pythonProgram } from "./python.ts";
export { typescriptProgram } from "./typescript.ts";
