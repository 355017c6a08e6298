import { signal } from '@preact/signals'
import { every, nowMs } from './browser.ts'

/** The time, once a second. */
export const now = signal(nowMs())
every(1000, () => {
  if (!document.hidden) now.value = nowMs()
})
document.addEventListener('visibilitychange', () => (now.value = nowMs()))
