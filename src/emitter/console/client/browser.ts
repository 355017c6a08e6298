/* The browser's clock, chance, timers, clipboard and storage: no other file of the console touches them. */

/** Milliseconds since the epoch. */
export function nowMs(): number {
  return Date.now()
}

/** Calls back once, after so many milliseconds, unless the returned function is called before. */
export function later(delayMs: number, call: () => void): () => void {
  const timer = setTimeout(call, delayMs)
  return () => clearTimeout(timer)
}

/** Calls back again and again, until the returned function is called. */
export function every(periodMs: number, call: () => void): () => void {
  const timer = setInterval(call, periodMs)
  return () => clearInterval(timer)
}

/** A secret of 256 bits that nobody can guess, in letters that survive every configuration file. */
export function randomSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Puts text on the clipboard; false where the page may not (plain http on another host). */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'off-screen'
  document.body.append(area)
  area.select()
  try {
    return document.execCommand('copy')
  } finally {
    area.remove()
  }
}

/** What was kept under this name in this tab of the browser: a reload loses nothing of it. */
export function kept(key: string): unknown {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null')
  } catch {
    return undefined
  }
}

/** Keeps something for this tab of the browser. Nothing that is secret. */
export function keep(key: string, value: unknown): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(value))
  } catch {
    // Storage is full or off: then a reload loses it.
  }
}

/** Keeps nothing under this name any more. */
export function drop(key: string): void {
  try {
    sessionStorage.removeItem(key)
  } catch {
    // Storage is off: nothing was kept.
  }
}
