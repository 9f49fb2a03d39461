import { monitorEventLoopDelay } from 'node:perf_hooks'

// Loaded into the exporter's process: tells its parent, when asked, how long its event loop did not turn since then.
const resolutionMs = 2
const histogram = monitorEventLoopDelay({ resolution: resolutionMs })
histogram.enable()
process.on('message', () => {
  const ms = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolutionMs)
  process.send?.({ p99: ms(histogram.percentile(99)), p999: ms(histogram.percentile(99.9)), max: ms(histogram.max) })
  histogram.reset()
})
// The channel is no reason to live on.
process.channel?.unref()
