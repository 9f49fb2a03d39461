import type { Metrics } from '../../testbed/drills/metrics.ts'
import { spreadOf, type Spread } from './statistics.ts'

export type SourceName = 'topology' | 'offsets' | 'liveness'

/** What one scrape of ours says of a source. */
export interface SourceSample {
  /** When its newest look ended well; tells one look from the next. */
  readonly lookedAt: number
  readonly tookMs: number
  /** Requests sent since the start, those that open a connection not counted. */
  readonly sent: number
}

const apiOf: Readonly<Record<SourceName, string>> = {
  topology: 'Metadata',
  offsets: 'ListOffsets',
  liveness: 'Metadata',
}

/** undefined before the first look. */
export function sampleOf(metrics: Metrics, source: SourceName): SourceSample | undefined {
  const lookedAt = metrics.value('kafka_ha_source_last_success_timestamp_seconds', { source })
  const seconds = metrics.value('kafka_ha_source_duration_seconds', { source })
  const sent = metrics.value('kafka_ha_requests_total', { source, api: apiOf[source] })
  if (lookedAt === undefined || seconds === undefined || sent === undefined) return undefined
  return { lookedAt, tookMs: seconds * 1_000, sent }
}

/** The first sample after the end of each look that began and ended while it was watched. */
export function looksIn(samples: readonly SourceSample[]): readonly SourceSample[] {
  return samples.filter(({ lookedAt }, i) => i > 0 && lookedAt !== samples[i - 1]?.lookedAt)
}

/**
 * Requests a look, counted from the end of one look to the end of a later one, so that none is under way at either edge.
 * `turns` looks make a whole; what is left over at the end is not counted. undefined: too few looks.
 */
export function requestsPerLook(looks: readonly SourceSample[], turns = 1): number | undefined {
  const whole = Math.floor((looks.length - 1) / turns)
  const first = looks[0]
  const last = looks[whole * turns]
  if (whole < 1 || first === undefined || last === undefined) return undefined
  return (last.sent - first.sent) / whole
}

/** A refresh is a look at the topology and one at the offsets, one after the other: what the peer does inside a scrape. */
export function refreshSpread(topology: readonly SourceSample[], offsets: readonly SourceSample[]): Spread | undefined {
  const sums = offsets.flatMap((look) => {
    const before = topology.filter(({ lookedAt }) => lookedAt <= look.lookedAt).at(-1)
    return before === undefined ? [] : [before.tookMs + look.tookMs]
  })
  return spreadOf(sums)
}
