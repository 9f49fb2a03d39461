import { setTimeout as sleep } from 'node:timers/promises'

/** Asks until the answer is true. Rejects past the deadline, with the last error of the question if it had one. */
export async function waitUntil(
  what: string,
  question: () => Promise<boolean> | boolean,
  deadlineMs: number,
  everyMs = 100,
): Promise<void> {
  const end = performance.now() + deadlineMs
  for (;;) {
    let reason = ''
    try {
      if (await question()) return
    } catch (error) {
      if (error instanceof Hopeless) throw error
      reason = error instanceof Error ? `: ${error.message}` : ''
    }
    if (performance.now() >= end) throw new Error(`${what}: not within ${deadlineMs / 1000} s${reason}`)
    await sleep(everyMs)
  }
}

/** Thrown by a question: no further asking will help. */
export class Hopeless extends Error {}

export async function withDeadline<T>(what: string, work: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not done after ${deadlineMs / 1000} s`)), deadlineMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
