import { monitorEventLoopDelay } from 'node:perf_hooks'

/** What a measured process tells of itself since it was last asked. */
export interface Reading {
  /** The longest that its event loop was kept from a timer that is due every millisecond. */
  readonly worstGapMs: number
  readonly rssBytes: number
  readonly peakRssBytes: number
}

export type Order = 'read' | 'collect-garbage' | 'move' | 'change-topics' | 'nothing' | 'render'

const rssEveryMs = 20

/** Answers its parent's orders: `read` itself, the others by `obey`, which gives what the parent shall have. */
export function obeyParent(port: number, obey: (order: Order) => unknown): void {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  let peakRssBytes = 0
  setInterval(() => (peakRssBytes = Math.max(peakRssBytes, process.memoryUsage.rss())), rssEveryMs).unref()
  const read = (): Reading => {
    const rssBytes = process.memoryUsage.rss()
    const reading = { worstGapMs: delay.max / 1e6, rssBytes, peakRssBytes: Math.max(peakRssBytes, rssBytes) }
    delay.reset()
    peakRssBytes = 0
    return reading
  }
  process.on('message', (order: Order) => {
    if (order === 'collect-garbage') globalThis.gc?.()
    void Promise.resolve(order === 'read' ? read() : obey(order)).then((answer) => process.send?.(answer ?? null))
  })
  process.on('disconnect', () => process.exit())
  process.send?.(port)
}
