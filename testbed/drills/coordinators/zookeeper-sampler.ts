import { ask } from '../../probes.ts'
import { parseCons, parseDump, parseSrvr, parseSynced, type Connection, type Dump, type Srvr } from './words.ts'

const EVERY_MS = 250
const DEADLINE_MS = 1000

/** Which words the servers' whitelist has. */
export type Whitelist = 'all' | 'default'

export interface ServerWords extends Srvr {
  /** Leader only. */
  readonly synced: number | undefined
  readonly dump: Dump | undefined
  readonly connections: readonly Connection[] | undefined
}

export interface Heard {
  readonly server: number
  /** performance.now() when the answer, or the failure, was there. */
  readonly at: number
  readonly words: ServerWords | undefined
  readonly error: string | undefined
}

interface Place {
  readonly id: number
  readonly host: string
  readonly port: number
}

async function word({ host, port }: Place, text: string): Promise<string> {
  return (await ask(host, port, Buffer.from(text), Infinity, DEADLINE_MS)).toString()
}

async function wordsOf(place: Place, whitelist: Whitelist): Promise<ServerWords> {
  const srvr = parseSrvr(await word(place, 'srvr'))
  if (whitelist === 'default' || srvr.mode === 'not_serving') {
    return { ...srvr, synced: undefined, dump: undefined, connections: undefined }
  }
  const leads = srvr.mode === 'leader'
  const [cons, mntr, dump] = await Promise.all([
    word(place, 'cons'),
    leads ? word(place, 'mntr') : undefined,
    leads ? word(place, 'dump') : undefined,
  ])
  const synced = mntr === undefined ? undefined : parseSynced(mntr)
  const told = dump === undefined ? undefined : parseDump(dump)
  return { ...srvr, synced, dump: told, connections: parseCons(cons) }
}

/** Asks one ZooKeeper server every 250 ms, a connection a word. */
export class ZookeeperSampler {
  readonly #place: Place
  readonly #whitelist: Whitelist
  readonly #hear: (heard: Heard) => void
  #timer: NodeJS.Timeout | undefined
  /** Of the newest start or stop: an answer to an older one is dropped. */
  #epoch = 0

  constructor(place: Place, whitelist: Whitelist, hear: (heard: Heard) => void) {
    this.#place = place
    this.#whitelist = whitelist
    this.#hear = hear
  }

  /** Not asked while it is paused: what its backlog takes is the exporter's to use. */
  start(): void {
    this.stop()
    void this.#look(this.#epoch)
  }

  stop(): void {
    this.#epoch++
    clearTimeout(this.#timer)
  }

  async #look(epoch: number): Promise<void> {
    const began = performance.now()
    let words: ServerWords | undefined
    let error: string | undefined
    try {
      words = await wordsOf(this.#place, this.#whitelist)
    } catch (failure) {
      error = failure instanceof Error ? failure.message : String(failure)
    }
    if (epoch !== this.#epoch) return
    this.#hear({ server: this.#place.id, at: performance.now(), words, error })
    const wait = Math.max(0, began + EVERY_MS - performance.now())
    this.#timer = setTimeout(() => void this.#look(epoch), wait)
  }
}
