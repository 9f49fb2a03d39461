import { vi } from 'vitest'
import { emptyView } from '../../src/model/view.ts'
import { Runner, type Report, type RunnerDeps } from '../../src/runner.ts'
import type { Look, Source } from '../../src/source.ts'

type Observe = (look: Look, n: number) => Promise<string | undefined>

interface Ends {
  readonly busyShare?: number
  readonly committed?: () => Promise<void>
  readonly close?: () => Promise<void>
}

/** A runner over a source that is a function, on vitest's clock, and what came of it. Call `vi.useFakeTimers()` first. */
export class Looks {
  /** Milliseconds after the start at which each look began. */
  readonly starts: number[] = []
  readonly reports: Report<string>[] = []
  readonly runner: Runner<string>
  mode: 'calm' | 'alert' = 'calm'
  busyMs = 0
  underWay = 0
  mostAtOnce = 0
  closed = 0
  readonly #begin = performance.now()

  constructor(observe: Observe, more: Partial<RunnerDeps<string>> = {}, { busyShare, ...ends }: Ends = {}) {
    const source: Source<string> = {
      name: 'test',
      apis: [],
      pace: { calmMs: 5_000, alertMs: 500, deadlineMs: 3_000, maxAgeMs: 15_000, ...(busyShare && { busyShare }) },
      observe: (look) => {
        this.starts.push(performance.now() - this.#begin)
        this.underWay++
        this.mostAtOnce = Math.max(this.mostAtOnce, this.underWay)
        const done = (): unknown => this.underWay--
        try {
          const looking = observe(look, this.starts.length)
          void looking.then(done, done)
          return looking
        } catch (error) {
          done()
          throw error
        }
      },
      close: () => {
        this.closed++
      },
      ...ends,
    }
    this.runner = new Runner(source, {
      clock: () => ({ mono: performance.now(), wall: Date.now() }),
      view: () => emptyView,
      mode: () => this.mode,
      takeBusyMs: () => {
        const ms = this.busyMs
        this.busyMs = 0
        return ms
      },
      report: (report) => this.reports.push(report),
      defect: (error) => {
        throw error
      },
      ...more,
    })
  }

  async pass(ms: number): Promise<this> {
    await vi.advanceTimersByTimeAsync(ms)
    return this
  }

  async started(ms = 0): Promise<this> {
    this.runner.start()
    return this.pass(ms)
  }
}

export function after<T>(ms: number, value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(() => resolve(value), ms))
}

export function never<T>(): Promise<T> {
  return new Promise(() => undefined)
}
