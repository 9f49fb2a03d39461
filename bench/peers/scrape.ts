import { parseExposition } from '../../testbed/drills/exposition.ts'
import { Metrics } from '../../testbed/drills/metrics.ts'
import { fetchText } from '../../testbed/fetch-text.ts'

/** As a patient Prometheus would wait; its default is 10 s. */
export const scrapeDeadlineMs = 60_000

export interface Scrape {
  readonly tookMs: number
  readonly answer: Answer | undefined
  /** Why there is no answer. */
  readonly error: string | undefined
}

export interface Answer {
  readonly bytes: number
  readonly series: number
  /** Partitions with a leader series, one that says -1 included. */
  readonly leaderSeries: number
  /** Of these, how many name a broker. */
  readonly namedLeaders: number
  readonly metrics: Metrics
}

/** One scrape, the answer not compressed. The time ends with its last byte; reading it is not counted. Never rejects. */
export async function scrape(url: string, deadlineMs = scrapeDeadlineMs): Promise<Scrape> {
  const startedAt = performance.now()
  const signal = AbortSignal.timeout(deadlineMs)
  try {
    const text = await fetchText(url, false, signal)
    const tookMs = performance.now() - startedAt
    return { tookMs, answer: answerOf(text), error: undefined }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const why = signal.aborted ? `no answer within ${deadlineMs / 1_000} s` : message
    return { tookMs: performance.now() - startedAt, answer: undefined, error: why }
  }
}

/** Throws on what is not an exposition. */
export function answerOf(text: string): Answer {
  const exposition = parseExposition(text)
  const metrics = new Metrics(exposition)
  const leaders = metrics.all('kafka_topic_partition_leader')
  return {
    bytes: Buffer.byteLength(text),
    series: exposition.series.size,
    leaderSeries: leaders.length,
    namedLeaders: leaders.filter(({ value }) => value >= 0).length,
    metrics,
  }
}
