import { TurnOver } from './turn.ts'

/** Steps that a disk did not answer within their turn. They go on, and whoever they belong to is left alone meanwhile. */
export class HungSteps<Who> {
  readonly #hung = new Map<Who, Promise<unknown>>()

  get size(): number {
    return this.#hung.size
  }

  has(who: Who): boolean {
    return this.#hung.has(who)
  }

  /** Waits for a step until the turn is over; undefined then, and where the step saw itself that it is over. */
  async within<T>(who: Who, step: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
    const ended = step.catch((error: unknown) => {
      if (error instanceof TurnOver) return undefined
      throw error
    })
    const forget = (): void => void this.#hung.delete(who)
    this.#hung.set(who, ended.then(forget, forget))
    const aborted = untilAborted(signal)
    try {
      const result = await Promise.race([ended, aborted.promise])
      if (result === 'aborted') return undefined
      forget()
      return result
    } finally {
      aborted.forget()
    }
  }
}

function untilAborted(signal: AbortSignal): { readonly promise: Promise<'aborted'>; readonly forget: () => void } {
  let tell: () => void = () => undefined
  const promise = new Promise<'aborted'>((resolve) => {
    tell = () => resolve('aborted')
    if (signal.aborted) tell()
    else signal.addEventListener('abort', tell, { once: true })
  })
  return { promise, forget: () => signal.removeEventListener('abort', tell) }
}
