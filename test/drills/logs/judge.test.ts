import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { judge, type Beginning } from '../../../testbed/drills/logs/judge.ts'
import { logPatternsOf } from '../../../testbed/log-files.ts'
import { extentsOf, writtenIn } from '../../../testbed/drills/logs/written.ts'
import type { Cluster } from '../../../testbed/types.ts'
import { scrape } from '../support.ts'

const EXPIRED =
  '[2026-11-27 09:06:08,839] INFO Expiring session 0x20000dadd6b0001, timeout of 18000ms exceeded (org.apache.zookeeper.server.ZooKeeperServer)\n'
const GOODBYE =
  '[2026-11-27 09:06:08,840] WARN ******* GOODBYE /10.0.0.1:40000 ******** (org.apache.zookeeper.server.quorum.LearnerHandler)\n'
const TRACE = 'java.io.EOFException\n\tat java.base/java.io.DataInputStream.readInt(DataInputStream.java:397)\n'

let directory: string
let file: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'drill-logs-'))
  mkdirSync(join(directory, 'zk1', 'logs'), { recursive: true })
  file = join(directory, 'zk1', 'logs', 'zookeeper.log')
})
afterEach(() => rmSync(directory, { recursive: true }))

/** As log4j does it: each rotated file gets the next number. */
function rotate(aged: number): void {
  for (let number = aged; number >= 1; number--) renameSync(`${file}.${number}`, `${file}.${number + 1}`)
  renameSync(file, `${file}.1`)
  writeFileSync(file, '')
}

/** Two lines before the exporter began, three after, with two rotations between them. */
function night(): Beginning {
  writeFileSync(file, EXPIRED + GOODBYE)
  const extents = extentsOf([file])
  appendFileSync(file, EXPIRED)
  utimesSync(file, 1000, 1000)
  rotate(0)
  appendFileSync(file, GOODBYE + TRACE)
  utimesSync(file, 2000, 2000)
  rotate(1)
  appendFileSync(file, EXPIRED)
  return { before: extents, after: extents }
}

interface Told {
  readonly expired?: number
  readonly goodbye?: number
  readonly info?: number
  readonly bytes?: number
  readonly rotations?: number
}

function told({ expired = 2, goodbye = 1, info = 2, rotations = 2, bytes }: Told = {}): ReturnType<typeof scrape> {
  const all = bytes ?? (EXPIRED + GOODBYE + TRACE + EXPIRED).length
  return scrape(
    `kafka_ha_log_events_total{component="zookeeper",event="zk_session_expired"} ${expired}`,
    `kafka_ha_log_events_total{component="zookeeper",event="zk_learner_goodbye"} ${goodbye}`,
    `kafka_ha_log_lines_total{component="zookeeper",level="info"} ${info}`,
    `kafka_ha_log_lines_total{component="zookeeper",level="warn"} 1`,
    `kafka_ha_log_bytes_total{file="${file}"} ${all}`,
    `kafka_ha_log_rotations_total{file="${file}"} ${rotations}`,
    `kafka_ha_log_truncations_total{file="${file}"} 0`,
  )
}

function wrong(shown: Told): readonly string[] {
  const beginning = night()
  const { checks } = judge(told(shown), beginning, extentsOf([file]))
  return checks.flatMap(({ ok, detail = '' }) => (ok ? [] : [detail.replaceAll(file, 'FILE')]))
}

describe('the exporter against the files', () => {
  it('agrees when every line since it began is counted once, over rotations', () => {
    expect(wrong({})).toEqual([])
  })

  it.each<[string, Told, readonly string[]]>([
    ['lost', { expired: 1 }, ['zookeeper/zk_session_expired: 1 counted, 2 written']],
    ['counted twice', { goodbye: 2 }, ['zookeeper/zk_learner_goodbye: 2 counted, 1 written']],
    ['without its level', { info: 1 }, ['info: 1 lines counted, 2 written']],
  ])('an event or a line %s is told', (_how, shown, lines) => {
    expect(wrong(shown)).toEqual(lines)
  })

  it('bytes that were not read are told', () => {
    const written = (EXPIRED + GOODBYE + TRACE + EXPIRED).length
    const read = written - GOODBYE.length
    expect(wrong({ bytes: read })[0]).toBe(`FILE: ${read} bytes read of ${written} to ${written} written`)
  })

  it('a rotation that was not seen is told', () => {
    expect(wrong({ rotations: 1 })).toEqual(['FILE: 1 rotations counted, 2 to 2 happened'])
  })
})

it('generations are read oldest first, and a stack trace is no line of its own', () => {
  night()
  const { levels, events } = writtenIn(new Map(), extentsOf([file]))
  expect(Object.fromEntries(levels)).toEqual({ info: 3, warn: 2 })
  expect(events.get('zookeeper/zk_session_expired')).toHaveLength(3)
  expect(extentsOf([file]).get(file)?.generations).toBe(3)
})

it('the exporter is given globs that leave out what was rotated', () => {
  const server = (logFiles: readonly string[]) => ({ id: 1, host: 'h', port: 1, logFiles })
  const cluster = {
    brokers: [
      server(['/c/kafka1/logs/server.log', '/c/kafka1/logs/controller.log']),
      server(['/c/kafka2/logs/server.log']),
    ],
    zookeepers: [server(['/c/zk1/logs/zookeeper.log'])],
    controllers: [server(['/c/controller1/logs/server.log'])],
  } as unknown as Cluster
  expect(logPatternsOf(cluster)).toEqual({
    kafka: ['/c/kafka*/logs/*.log', '/c/controller*/logs/*.log'],
    zookeeper: ['/c/zk*/logs/*.log'],
  })
})

it('a failed fetch is one event a second and leader, in one line or in two', () => {
  const line = (at: string, leader: number, text: string): string =>
    `[2026-11-27 18:34:${at}] INFO [ReplicaFetcher replicaId=2, leaderId=${leader}, fetcherId=0] ${text} (x)\njava.io.IOException: gone\n`
  const sending = 'Error sending fetch request (sessionId=1, epoch=2) to node 1:'
  const response = 'Error in response for fetch request (type=FetchRequest)'
  writeFileSync(
    file,
    line('29,046', 1, sending) +
      line('29,047', 1, response) +
      line('29,500', 3, sending) +
      line('30,046', 1, sending) +
      line('30,047', 1, response) +
      line('30,048', 1, response),
  )
  const { events } = writtenIn(new Map(), extentsOf([file]))
  expect(events.get('kafka/kafka_fetch_session_error')).toHaveLength(3)
})
