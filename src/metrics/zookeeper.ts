import { serverStates, type EnsembleServer, type ServerState } from '../model/ensemble.ts'
import type { State } from '../store.ts'
import type { Omitting } from './bounded.ts'
import { aggregation, gauge, labelText, type Family, type Row } from './family.ts'
import { omittedOf } from './zookeeper-numbers.ts'

/**
 * One series for each server that could be judged. Those that begin with `zk_` have the names and labels of
 * dabealu/zookeeper-exporter; they differ where that one is wrong, which is where there is no quorum.
 */
export const zookeeperFamilies: readonly Family[] = [
  gauge(
    'kafka_ha_zookeeper_server_state',
    `1 for the state that the server is in, 0 for the others. ${aggregation.available}`,
    ['server', 'state'],
    ({ view }) =>
      [...(view.zookeeper?.value.servers ?? [])].flatMap(([server, { state: current }]) =>
        serverStates.map((state) => ({ labels: labelText({ server, state }), value: Number(state === current) })),
      ),
  ),
  perServer('zk_up', '1 if the server serves, 0 also where it answers but has no quorum', ({ state }) =>
    row({}, serves(state)),
  ),
  perServer('zk_server_leader', '1 if the server leads, 0 if it says that it does not', ({ state }) =>
    isSilent(state) ? undefined : row({}, state === 'leader'),
  ),
  perServer('zk_ruok', '1 if the server answers imok, which it does without a quorum too', ({ ruok }) =>
    ruok === undefined ? undefined : row({}, ruok),
  ),
  perServer(
    'zk_peer_state',
    'What the server says that it is doing, always 1',
    ({ peerState }) => {
      const word = /^\S+/.exec(peerState ?? '')?.[0]
      return word === undefined ? undefined : row({ state: word }, true)
    },
    'state',
  ),
  perServer(
    'zk_version',
    "The server's version, always 1",
    ({ version }) => {
      const short = /^[^-,\s]+/.exec(version ?? '')?.[0]
      return short === undefined ? undefined : row({ version: short }, true)
    },
    'version',
  ),
]

/** Numbers beyond as many as are kept, and those whose names fall together. */
export const omittedNumbers: Omitting = { family: { name: 'zk_*' }, omitted: omittedOf }

interface Told {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

function row(labels: Told['labels'], value: boolean): Told {
  return { labels, value: Number(value) }
}

function perServer(
  name: string,
  help: string,
  tell: (server: EnsembleServer) => Told | undefined,
  ...more: readonly string[]
): Family {
  return gauge(name, `${help}. ${aggregation.available}`, ['zk_host', ...more], ({ view }: State): Row[] =>
    [...(view.zookeeper?.value.servers ?? [])].flatMap(([server, said]) => {
      const told = tell(said)
      return told === undefined ? [] : [{ labels: labelText({ zk_host: server, ...told.labels }), value: told.value }]
    }),
  )
}

function isSilent(state: ServerState): boolean {
  return state === 'unreachable' || state === 'hung'
}

function serves(state: ServerState): boolean {
  return !isSilent(state) && state !== 'not_serving'
}
