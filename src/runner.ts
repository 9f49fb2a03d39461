import type { Clock, Instant } from './model/instant.ts'
import type { View } from './model/view.ts'
import type { Look, Source } from './source.ts'

/** What came of one look. */
export interface Report<Out = unknown> {
  readonly source: string
  readonly startedAt: Instant
  readonly tookMs: number
  /** undefined: nothing usable. */
  readonly out: Out | undefined
  readonly failure: LookFailure | undefined
}

/** The look itself failed: it outlived its deadline or threw. */
export interface LookFailure {
  readonly reason: 'deadline' | 'internal'
  readonly detail: string
}

export interface RunnerDeps<Out> {
  readonly clock: Clock
  readonly view: () => View
  readonly mode: () => 'calm' | 'alert'
  /** Milliseconds for which the source kept the event loop busy since it was last asked. */
  readonly takeBusyMs: () => number
  readonly report: (report: Report<Out>) => void
  /** `report` threw. */
  readonly defect: (error: unknown) => void
}

/** Two looks never start closer together than this, however often they are asked for. */
const leastGapMs = 50
/** A source may compute for a tenth of the time, unless its pace says otherwise. */
const usualBusyShare = 10
/** What a source has left to do at the end (a position to write) is not waited for any longer. */
const closeMs = 2_000

/**
 * Lets one source look again and again: with a deadline, in the pace that the mode asks for, at once when woken. A wake
 * during a look causes exactly one more. A look that outlives its deadline is dropped whatever it brings, and the next one
 * waits until it has ended.
 */
export class Runner<Out> {
  readonly #source: Source<Out>
  readonly #deps: RunnerDeps<Out>
  #timer: NodeJS.Timeout | undefined
  #deadline: AbortController | undefined
  #startedAt = -Infinity
  /** What must lie between the start of the last look and that of the next, whoever asks for it. */
  #restMs = leastGapMs
  #looking = false
  #woken = false
  #stopped = true

  constructor(source: Source<Out>, deps: RunnerDeps<Out>) {
    this.#source = source
    this.#deps = deps
  }

  start(): void {
    this.#stopped = false
    this.#schedule(0)
  }

  wake(): void {
    if (this.#looking) this.#woken = true
    else this.#schedule(this.#startedAt + this.#restMs - performance.now())
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#deadline?.abort()
    try {
      const closed = this.#source.close?.()
      if (closed !== undefined) await within(closed, closeMs)
    } catch (error) {
      this.#deps.defect(error)
    }
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer)
    if (this.#stopped) return
    this.#timer = setTimeout(() => void this.#look(), Math.max(0, delayMs))
  }

  async #look(): Promise<void> {
    const { clock, report, view } = this.#deps
    const { name, pace } = this.#source
    this.#looking = true
    this.#woken = false
    this.#startedAt = performance.now()
    const startedAt = clock()
    const deadline = (this.#deadline = new AbortController())
    const look: Look = { signal: deadline.signal, view: view() }
    // `Promise.resolve().then` turns a source that throws before its first await into a rejection like any other.
    const looking = Promise.resolve()
      .then(() => this.#source.observe(look))
      .then(
        (out) => ({ out, failure: undefined }),
        (error: unknown) => ({ out: undefined, failure: { reason: 'internal' as const, detail: String(error) } }),
      )
    const outcome = await within(looking, pace.deadlineMs, deadline.signal)
    if (outcome === undefined) deadline.abort()
    if (this.#stopped) return
    const detail = `no result within ${pace.deadlineMs} ms`
    const late = { out: undefined, failure: { reason: 'deadline' as const, detail } }
    try {
      report({ source: name, startedAt, tookMs: clock().mono - startedAt.mono, ...(outcome ?? late) })
      const committed = outcome?.out === undefined ? undefined : this.#source.committed?.()
      if (committed !== undefined) await within(committed, pace.deadlineMs)
    } catch (error) {
      // A defect in a verdict or a listener must not end the watch.
      this.#deps.defect(error)
    }
    if (outcome === undefined) await looking
    this.#looking = false
    this.#schedule(this.#startedAt + this.#dueMs() - performance.now())
  }

  /** From the start of the last look to that of the next. */
  #dueMs(): number {
    this.#restMs = Math.max(leastGapMs, this.#deps.takeBusyMs() * (this.#source.pace.busyShare ?? usualBusyShare))
    if (this.#woken) return this.#restMs
    const { alertMs, calmMs } = this.#source.pace
    return Math.max(this.#deps.mode() === 'alert' ? alertMs : calmMs, this.#restMs)
  }
}

/** undefined: the deadline has passed, or nobody waits any more. */
async function within<T>(promise: Promise<T>, deadlineMs: number, signal?: AbortSignal): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const end = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), deadlineMs)
    signal?.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  try {
    return await Promise.race([promise, end])
  } finally {
    clearTimeout(timer)
  }
}
