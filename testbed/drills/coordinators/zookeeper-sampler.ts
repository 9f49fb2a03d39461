import { ask } from '../../probes.ts'
import { Sampler, type Sample } from '../sampler.ts'
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

interface Place {
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
export function zookeeperSampler(
  place: Place,
  whitelist: Whitelist,
  hear: (sample: Sample<ServerWords>) => void,
): Sampler<ServerWords> {
  return new Sampler(EVERY_MS, () => ({ ask: () => wordsOf(place, whitelist) }), hear)
}
