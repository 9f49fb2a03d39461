import { Agent, get, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

const scrapeDeadlineMs = 60_000

export interface Scrape {
  readonly status: number
  readonly ms: number
  /** As sent: compressed if asked for. */
  readonly bytes: number
}

/** Reads pages as Prometheus does: one kept connection, the body only counted. */
export class Reader {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  readonly #port: number

  constructor(port: number) {
    this.#port = port
  }

  /** `pauseMs`: how long to read nothing after the first bytes. */
  async scrape({ gzip = false, pauseMs = 0 } = {}): Promise<Scrape> {
    const startedAt = performance.now()
    const response = await this.#response(gzip ? 'gzip' : 'identity')
    let bytes = 0
    for await (const chunk of response) {
      if (bytes === 0 && pauseMs > 0) await sleep(pauseMs)
      bytes += (chunk as Buffer).length
    }
    return { status: response.statusCode ?? 0, ms: performance.now() - startedAt, bytes }
  }

  close(): void {
    this.#agent.destroy()
  }

  #response(encoding: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const options = { port: this.#port, host: '127.0.0.1', path: '/metrics', agent: this.#agent }
      const signal = AbortSignal.timeout(scrapeDeadlineMs)
      get({ ...options, headers: { 'Accept-Encoding': encoding }, signal }, resolve).on('error', reject)
    })
  }
}
