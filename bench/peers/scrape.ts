import { get } from 'node:http'
import { parseExposition } from '../../testbed/drills/exposition.ts'
import { Metrics } from '../../testbed/drills/metrics.ts'

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
  try {
    const text = await fetchText(url, deadlineMs)
    const tookMs = performance.now() - startedAt
    return { tookMs, answer: answerOf(text), error: undefined }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { tookMs: performance.now() - startedAt, answer: undefined, error: message }
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

function fetchText(url: string, deadlineMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(deadlineMs)
    const late = `no answer within ${deadlineMs / 1_000} s`
    const failed = (error: Error): void => reject(signal.aborted ? new Error(late) : error)
    const request = get(url, { agent: false, signal }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', failed)
      response.once('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'))
        else reject(new Error(`status ${response.statusCode ?? 0}`))
      })
    })
    request.once('error', failed)
  })
}
