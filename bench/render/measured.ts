import { readFileSync } from 'node:fs'

/** What a measured process tells of itself since it was last asked. */
export interface Reading {
  /** The longest that its event loop was kept from a timer that is due every millisecond. */
  readonly worstGapMs: number
  /** The same without the time in which its thread waited for a processor: what it owes to nobody but itself. */
  readonly worstOwnGapMs: number
  readonly rssBytes: number
  readonly peakRssBytes: number
}

/** A page made without web server and sockets. */
export interface Rendering {
  readonly ms: number
  readonly bytes: number
  readonly longestPieceMs: number
}

export type Order = 'read' | 'collect-garbage' | 'move' | 'change-topics' | 'nothing' | 'render' | 'count-series'

const rssEvery = 20

/** Answers its parent's orders: `read` itself, the others by `obey`, which gives what the parent shall have. */
export function obeyParent(port: number, obey: (order: Order) => unknown): void {
  const gaps = new Gaps()
  process.on('message', (order: Order) => {
    if (order === 'collect-garbage') globalThis.gc?.()
    void Promise.resolve(order === 'read' ? gaps.read() : obey(order)).then((answer) => process.send?.(answer ?? null))
  })
  process.on('disconnect', () => process.exit())
  process.send?.(port)
}

class Gaps {
  #worstGapMs = 0
  #worstOwnGapMs = 0
  #peakRssBytes = 0
  #last = performance.now()
  #lastWaited = waitedMs()
  #ticks = 0

  constructor() {
    setInterval(() => this.#tick(), 1).unref()
  }

  read(): Reading {
    this.#tick()
    const rssBytes = process.memoryUsage.rss()
    const reading = {
      worstGapMs: this.#worstGapMs,
      worstOwnGapMs: this.#worstOwnGapMs,
      rssBytes,
      peakRssBytes: Math.max(this.#peakRssBytes, rssBytes),
    }
    this.#worstGapMs = this.#worstOwnGapMs = this.#peakRssBytes = 0
    return reading
  }

  #tick(): void {
    const now = performance.now()
    const waited = waitedMs()
    const gap = now - this.#last
    this.#worstGapMs = Math.max(this.#worstGapMs, gap)
    this.#worstOwnGapMs = Math.max(this.#worstOwnGapMs, gap - (waited - this.#lastWaited))
    this.#last = now
    this.#lastWaited = waited
    if (this.#ticks++ % rssEvery === 0) this.#peakRssBytes = Math.max(this.#peakRssBytes, process.memoryUsage.rss())
  }
}

/** How long the main thread was ready to run and did not, as Linux counts it; 0 elsewhere. */
function waitedMs(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6
  } catch {
    return 0
  }
}
