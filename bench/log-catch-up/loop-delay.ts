import { readFileSync } from 'node:fs'

// Loaded into the exporter's process: tells its parent, when asked, for how long its event loop did not turn since then.
export interface Delay {
  readonly p99: number
  readonly p999: number
  readonly max: number
}

/** Between two turns of a timer that is always due: milliseconds, and of these the ones for which the thread had a processor. */
export interface LoopDelay {
  readonly gap: Delay
  readonly busy: Delay
}

const everyMs = 2
let gaps: number[] = []
let busies: number[] = []
let [last, lastBusy] = [performance.now(), busyMs()]

setInterval(() => {
  const [now, busy] = [performance.now(), busyMs()]
  gaps.push(Math.max(0, now - last - everyMs))
  busies.push(Math.min(now - last, busy - lastBusy))
  last = now
  lastBusy = busy
}, everyMs).unref()

process.on('message', () => {
  const delay: LoopDelay = { gap: spread(gaps), busy: spread(busies) }
  process.send?.(delay)
  gaps = []
  busies = []
})
// The channel is no reason to live on.
process.channel?.unref()

function spread(values: readonly number[]): Delay {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? NaN
  return { p99: at(0.99), p999: at(0.999), max: at(1) }
}

/** How long the main thread has run, as Linux counts it (to some milliseconds). */
function busyMs(): number {
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
}
