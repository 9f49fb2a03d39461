import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../../src/model/instant.ts'
import type { FactName } from '../../../src/model/view.ts'
import { emptyView } from '../../../src/model/view.ts'
import { createFollower } from '../../../src/sources/logs/create-follower.ts'
import { LogsSource } from '../../../src/sources/logs/logs.ts'
import { createParser } from '../../../src/sources/logs/line-parser.ts'
import { countedEvents } from '../../../src/sources/logs/rules/all.ts'
import { lookAt, Noted, paceOf } from '../../support/notes.ts'

let directory: string
const opened: LogsSource[] = []
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'logs-'))))
afterEach(async () => {
  for (const source of opened.splice(0)) await source.close()
  rmSync(directory, { recursive: true })
})

/** The source with the real follower, parser and rules, as an exporter that is started. */
function started(woken: FactName[] = []): LogsSource {
  const positions = join(directory, 'positions.json')
  const patterns = [{ pattern: join(directory, 'server.log'), component: 'kafka' as const }]
  const source = new LogsSource({
    createFollower: (notes) => createFollower({ patterns, positions, fromStart: true, clock: systemClock, notes }),
    createParser,
    countable: countedEvents.filter(({ component }) => component === 'kafka'),
    timeZone: 'UTC',
    positions,
    clock: systemClock,
    wake: (name) => woken.push(name),
    look: () => undefined,
    notes: new Noted(),
    warn: () => undefined,
    pace: paceOf({}),
  })
  opened.push(source)
  return source
}

async function countsOf(source: LogsSource): Promise<Record<string, number>> {
  const { events } = await source.observe(lookAt(emptyView))
  await source.committed()
  return Object.fromEntries(events.filter(({ count }) => count > 0).map(({ event, count }) => [event, count]))
}

const path = (name: string): string => join(directory, name)
const time = (atMs: number): string => new Date(atMs).toISOString().replace('T', ' ').replace('.', ',').slice(0, 23)
const expired = (session: string, atMs = 0): string =>
  `[${time(atMs)}] INFO Unable to reconnect to ZooKeeper service, session ${session} has expired (org.apache.zookeeper.ClientCnxn)\n`
const removed = (partition: string): string =>
  `[${time(0)}] INFO [ReplicaFetcherManager on broker 1] Removed fetcher for partitions Set(${partition}) (kafka.server.ReplicaFetcherManager)\n`

it('counts over a rotation and a restart, each line once', async () => {
  writeFileSync(path('server.log'), removed('a-0') + removed('b-0'))
  const first = started()
  expect(await countsOf(first)).toEqual({ kafka_fetcher_removed: 2 })
  appendFileSync(path('server.log'), removed('c-0'))
  renameSync(path('server.log'), path('server.log.1'))
  writeFileSync(path('server.log'), removed('d-0'))
  expect(await countsOf(first)).toEqual({ kafka_fetcher_removed: 4 })
  const { files } = await first.observe(lookAt(emptyView))
  expect(files).toMatchObject([{ path: path('server.log'), up: true, lagBytes: 0, rotations: 1 }])
  await first.close()

  appendFileSync(path('server.log'), removed('e-0'))
  expect(await countsOf(started())).toEqual({ kafka_fetcher_removed: 1 })
})

it('tells which line it was, and wakes those who can see what happened', async () => {
  writeFileSync(path('server.log'), expired('0x1000000000a0001', 0))
  const woken: FactName[] = []
  const source = started(woken)
  await source.observe(lookAt(emptyView))
  expect(woken).toEqual([])
  appendFileSync(path('server.log'), expired('0x1000000000a0002', Date.now()))
  const { newest, events } = await source.observe(lookAt(emptyView))
  expect(newest).toMatchObject([
    { event: 'zkc_session_expired', line: 1, at: 0, fields: { session: '0x1000000000a0001' } },
    { event: 'zkc_session_expired', line: 2, file: path('server.log') },
  ])
  expect(events.find(({ event }) => event === 'zkc_session_expired')?.count).toBe(2)
  expect(woken).toEqual(['sessions', 'znodes', 'topology'])
})
