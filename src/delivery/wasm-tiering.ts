import { setFlagsFromString } from 'node:v8'

/**
 * Keeps V8 from optimising the HTTP parser too early. undici parses HTTP in WebAssembly; with V8's usual
 * budget the first answer already has the whole parser compiled a second time, by the optimising compiler,
 * and the process cannot end before that is done: it doubled the time of a single `send`. With this budget
 * it happens after some hundred answers, where it pays. The flag is there in every Node from 20 to 26. To be
 * called before the first connection.
 */
export function delayWasmTiering(): void {
  setFlagsFromString('--wasm-tiering-budget=200000000')
}
