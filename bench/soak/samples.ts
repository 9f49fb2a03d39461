import { readdirSync, readlinkSync } from 'node:fs'

/** What is watched of the process under soak; a reading that cannot be had is NaN. */
export interface Sample {
  readonly rssMib: number
  readonly heapMib: number
  readonly externalMib: number
  readonly sockets: number
  readonly timers: number
  readonly handles: number
  /** p99 since the scrape before. */
  readonly lagMs: number
  readonly series: number
  /** Metadata requests of the topology so far: by its pace. */
  readonly topologyLooks: number
}

export type Column = keyof Sample

const mib = 1024 * 1024

/** From a scrape, and from /proc for what a process cannot tell of itself. */
export function sampleOf(pid: number, metrics: string): Sample {
  const value = (series: string): number => {
    const line = metrics.split('\n').find((one) => one.startsWith(`${series} `))
    return line === undefined ? Number.NaN : Number(line.slice(series.length + 1))
  }
  return {
    rssMib: value('process_resident_memory_bytes') / mib,
    heapMib: value('nodejs_heap_size_used_bytes') / mib,
    externalMib: value('nodejs_external_memory_bytes') / mib,
    sockets: openSockets(pid),
    timers: value('nodejs_active_resources{type="Timeout"}'),
    handles: value('nodejs_active_handles_total'),
    lagMs: value('nodejs_eventloop_lag_p99_seconds') * 1_000,
    series: metrics.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length,
    topologyLooks: value('kafka_ha_requests_total{source="topology",api="Metadata"}'),
  }
}

function openSockets(pid: number): number {
  const directory = `/proc/${pid}/fd`
  return readdirSync(directory).filter((fd) => {
    try {
      return readlinkSync(`${directory}/${fd}`).startsWith('socket:')
    } catch {
      return false // closed since the listing
    }
  }).length
}

export function columnOf(samples: readonly Sample[], column: Column): readonly number[] {
  return samples.map((sample) => sample[column]).filter((value) => !Number.isNaN(value))
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

/** Least squares over values at equal distances: how much the line through them rises from the first to the last. */
export function rise(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  let products = 0
  let squares = 0
  values.forEach((value, i) => {
    products += (i - middle) * (value - mean)
    squares += (i - middle) ** 2
  })
  return squares === 0 ? 0 : (products / squares) * (values.length - 1)
}
