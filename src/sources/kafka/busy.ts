import type { Notes } from '../../source.ts'

/** Does it at once, and notes for how long that kept the event loop busy. */
export function timed<T>(notes: Notes, work: () => T): T {
  const startedAt = performance.now()
  const result = work()
  notes.busy(performance.now() - startedAt)
  return result
}
