import { readFileSync } from 'node:fs'

/** What a measured process tells of itself since it was last asked. */
export interface Reading {
  /** The longest that its event loop was kept from a timer that is due every millisecond. */
  readonly worstGapMs: number
  /** Of such a stretch, the time that its thread had a processor: what it owes to itself and not to a busy machine. */
  readonly worstBusyMs: number
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
  #worstBusyMs = 0
  #peakRssBytes = 0
  #last = performance.now()
  #lastBusy = busyMs()
  #ticks = 0

  constructor() {
    setInterval(() => this.#tick(), 1).unref()
  }

  read(): Reading {
    this.#tick()
    const rssBytes = process.memoryUsage.rss()
    const reading = {
      worstGapMs: this.#worstGapMs,
      worstBusyMs: this.#worstBusyMs,
      rssBytes,
      peakRssBytes: Math.max(this.#peakRssBytes, rssBytes),
    }
    this.#worstGapMs = this.#worstBusyMs = this.#peakRssBytes = 0
    return reading
  }

  #tick(): void {
    const now = performance.now()
    const busy = busyMs()
    const gap = now - this.#last
    this.#worstGapMs = Math.max(this.#worstGapMs, gap)
    this.#worstBusyMs = Math.max(this.#worstBusyMs, Math.min(gap, busy - this.#lastBusy))
    this.#last = now
    this.#lastBusy = busy
    if (this.#ticks++ % rssEvery === 0) this.#peakRssBytes = Math.max(this.#peakRssBytes, process.memoryUsage.rss())
  }
}

/** How long the main thread has run, as Linux counts it (to some milliseconds); elsewhere as if it always did. */
function busyMs(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
  } catch {
    return performance.now()
  }
}
