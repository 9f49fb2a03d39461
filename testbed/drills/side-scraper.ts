import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { atEnd } from '../ending.ts'
import { parseExposition } from './exposition.ts'
import type { Scrape } from './scraper.ts'
import type { Relayed } from './side-relay.ts'

const RELAY = fileURLToPath(new URL('side-relay.ts', import.meta.url))

function scrapeOf({ text, error }: Relayed): Scrape {
  const base = { at: performance.now(), tookMs: 0 }
  if (text === undefined) return { ...base, text, exposition: undefined, error: error ?? 'nothing' }
  try {
    return { ...base, text, exposition: parseExposition(text), error: undefined }
  } catch (malformed) {
    return { ...base, text, exposition: undefined, error: String(malformed) }
  }
}

/** Reads /metrics of an exporter inside a node's network through a process that runs there. */
export class SideScraper {
  readonly #namespace: string
  readonly #url: string
  readonly #hear: (scrape: Scrape) => void
  #child: ChildProcess | undefined
  #forget: (() => void) | undefined

  constructor(namespace: string, url: string, hear: (scrape: Scrape) => void) {
    this.#namespace = namespace
    this.#url = url
    this.#hear = hear
  }

  start(): void {
    const node = [process.execPath, ...process.execArgv, RELAY, this.#url]
    const child = spawn('ip', ['netns', 'exec', this.#namespace, ...node], { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#child = child
    this.#forget = atEnd(() => child.kill('SIGKILL'))
    createInterface({ input: child.stdout }).on('line', (line) => this.#hear(scrapeOf(JSON.parse(line) as Relayed)))
  }

  stop(): void {
    this.#child?.kill('SIGKILL')
    this.#forget?.()
  }
}
