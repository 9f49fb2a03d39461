import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import type { LogEvent } from '../../../src/model/log-event.ts'
import { createParser } from '../../../src/sources/logs/line-parser.ts'
import { allRules } from '../../../src/sources/logs/rules/all.ts'
import { Prng } from '../../support/prng.ts'
import { recorded, told } from './lines.ts'

const examples = allRules.flatMap(({ component, examples: some }) => some.map(({ line }) => ({ component, line })))
const fills = ['a', ' ', '1', ',', ', ', 'x-0, ', '0x0', '[', '] ', '(', ') ', ' -> ', '\\', '"', '.', '\u001b[31m']

/** A line that begins like an example up to one of its spaces and then goes on with the same for `length` characters. */
function lineOf(line: string, fill: string, cut: number, length: number): string {
  const spaces = [...line.matchAll(/ /g)].map(({ index }) => index)
  const head = line.slice(0, (spaces[cut % spaces.length] ?? line.length) + 1)
  return head + fill.repeat(Math.ceil(length / fill.length)).slice(0, length)
}

/** Each example with one of the fills, another cut for each. */
function textOf(round: number, length: number): string {
  return examples
    .map(
      ({ line }, i) =>
        `${lineOf(line, fills[(i + round) % fills.length] ?? 'a', 4 + ((i * 7 + round * 3) % 24), length)}\n`,
    )
    .join('')
}

/** Processor time, ms, of the best of some runs: anything may run beside it. */
function millisOf(text: string): number {
  let best = Infinity
  for (let i = 0; i < 4; i++) {
    const start = process.cpuUsage()
    told(text, { pasted: true })
    const { user, system } = process.cpuUsage(start)
    best = Math.min(best, (user + system) / 1000)
  }
  return best
}

describe('hostile lines', () => {
  it.each(fills.map((fill, round) => [JSON.stringify(fill), round] as const))(
    'cost four times as much when they are four times as long (%s first)',
    (_, round) => {
      const short = millisOf(textOf(round, 4_000))
      const long = millisOf(textOf(round, 16_000))
      // Sixteen times as much if anything were quadratic; what does not grow with the length is in both.
      expect(long).toBeLessThan(short * 9 + 20)
    },
  )

  const generic = [
    '[',
    '[2',
    '[2024-02-23 07:47:50,149] INFO ',
    ' [2024-02-23 07:47:50,149] INFO x (a.B)',
    '2024-02-23 07:44:05,983 [myid:3] - INFO  [',
    '2024-02-23T07:44:05.9Z stdout P ',
    '{',
    '{"a":',
    '{"message":"',
    '"message":"\\',
    ' (org.apache.',
    ') [',
    '(a.B',
    'java.io.IOException: ',
    '\u001b[',
  ]
  it.each(generic)('%j over and over costs four times as much when it is four times as long', (part) => {
    const of = (length: number): string =>
      `[2024-02-23 07:47:50,149] INFO ${part.repeat(length)}\n${part.repeat(length)}\n`
    const short = millisOf(of(8_000))
    const long = millisOf(of(32_000))
    expect(long).toBeLessThan(short * 9 + 20)
  })

  it('in their thousands without a bracket or a logger cost what they are long', () => {
    const of = (count: number): string => '2024-02-23 07:47:50,149 INFO [abc\n'.repeat(count)
    expect(millisOf(of(16_000))).toBeLessThan(millisOf(of(4_000)) * 9 + 20)
  })
})

describe('a pattern', () => {
  // What it sees of a message. Quadratic cost would be millions of steps, tens of milliseconds.
  const head = 2_048
  const wordings = allRules.flatMap(({ event, wordings: some, examples: lines }) =>
    some.flatMap(({ pattern, begins }) => (pattern === undefined ? [] : [{ event, pattern, begins, lines }])),
  )

  it.each(wordings.map(({ event, begins, ...rest }) => [event, begins, rest] as const))(
    'of %s (%s) takes no time for what it sees of a hostile message',
    (_, begins, { pattern, lines }) => {
      let worst = 0
      for (const { line } of lines) {
        const at = line.indexOf(begins)
        const body = at < 0 ? line : line.slice(at)
        for (const [i, fill] of fills.entries()) {
          for (const cut of [i, i + 5]) {
            const text = lineOf(body, fill, cut, head).slice(0, head)
            const times = [0, 0, 0].map(() => {
              const start = performance.now()
              pattern.exec(text)
              return performance.now() - start
            })
            worst = Math.max(worst, Math.min(...times))
          }
        }
      }
      expect(worst).toBeLessThan(3)
    },
  )
})

// eslint-disable-next-line no-control-regex
const control = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/

describe('random input', () => {
  const lines = ['2.6.0/I/kafka3', '2.6.0/G/zk3', '3.9.1/C/kafka3', '4.1.1/H/kafka1'].flatMap((name) =>
    recorded(name).split('\n').slice(-400),
  )

  function spliced(random: Prng): string {
    const pick = (): string => lines[random.below(lines.length)] ?? ''
    const line = pick()
    const at = random.below(line.length + 1)
    const other = pick()
    switch (random.below(6)) {
      case 0:
        return line.slice(0, at)
      case 1:
        return line.slice(at)
      case 2:
        return line.slice(0, at) + other.slice(random.below(other.length + 1))
      case 3:
        return `${line.slice(0, at)}${String.fromCharCode(random.below(0x300))}${line.slice(at)}`
      case 4:
        return JSON.stringify({ level: 'INFO', message: line.slice(0, at), [other.slice(0, 12)]: at })
      default:
        return `2024-02-23T07:44:05.9Z stdout ${random.chance(0.5) ? 'P' : 'F'} ${line.slice(0, at)}`
    }
  }

  function bytes(random: Prng): string {
    return Buffer.from(Array.from({ length: random.below(200) }, () => random.below(256))).toString('utf8')
  }

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('never throws and tells what it promises (seed %i)', (seed) => {
    const random = new Prng(seed)
    const text = Array.from({ length: 3_000 }, () => (random.chance(0.9) ? spliced(random) : bytes(random))).join(
      random.chance(0.5) ? '\n' : '\r\n',
    )
    const { events } = told(text, { pasted: random.chance(0.5), component: random.chance(0.5) ? 'kafka' : 'zookeeper' })
    expect(events.length).toBeGreaterThan(100)
    for (const { event, text: message, fields, at } of events) {
      const strings = [message, ...Object.values(fields).filter((value) => typeof value === 'string')]
      expect(
        strings.filter((one) => one.length > 300 || control.test(one)),
        event,
      ).toEqual([])
      expect(
        Object.values(fields).filter(
          (value) => value === undefined || (typeof value === 'number' && !Number.isFinite(value)),
        ),
        event,
      ).toEqual([])
      expect(at === undefined || Number.isFinite(at)).toBe(true)
    }
  })

  it('is not kept: an event holds its own few words, not the chunk that they were cut from', () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const events: LogEvent[] = []
    const parser = createParser({ file: 'x', component: 'zookeeper', timeZone: 'UTC' })
    const sink = { line: (): void => undefined, event: (event: LogEvent): void => void events.push(event) }
    const filler = `${'x'.repeat(1_000)}\n`.repeat(1_000)
    collect()
    const before = process.memoryUsage().heapUsed
    for (let i = 0; i < 60; i++) {
      const line = `[2024-02-23 07:44:05,983] WARN Cannot open channel to ${i} at election address kafka-host-${i}.example/10.0.0.1:3888 (org.apache.zookeeper.server.quorum.QuorumCnxManager)`
      parser.take(
        Buffer.from(`${line}\njava.net.ConnectException: Connection refused ${i}\n${filler}`).toString('utf8'),
        sink,
      )
    }
    collect()
    expect(events).toHaveLength(60)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(20_000_000)
  })
})

describe('what a client calls itself', () => {
  const shuttingDown = '[2024-02-23 07:47:50,149] INFO [KafkaServer id=1] shutting down (kafka.server.KafkaServer)'
  const joined = (id: string): string =>
    `[2024-02-23 07:47:50,149] INFO [GroupCoordinator 1]: Preparing to rebalance group g in state PreparingRebalance (reason: Adding new member ${id}-5c with group instance id None) (kafka.coordinator.group.GroupCoordinator)\n`

  it.each([
    `a ${shuttingDown}`,
    `a (kafka.server.KafkaServer) ${shuttingDown}`,
    `] [KafkaServer id=1] shutting down`,
    `{"level":"INFO","message":"[KafkaServer id=1] shutting down"}`,
  ])('is no event: %s', (id) => {
    const { events, lines } = told(joined(id))
    expect([events, [...lines]]).toEqual([[], [['kafka info', 1]]])
  })

  it('is no event either where its line was cut, or is wrapped in a record of a container', () => {
    expect(told(joined(`a ${shuttingDown} `).slice(0, 300)).events).toEqual([])
    expect(told(`2024-02-23T07:47:50.149Z stdout F ${joined(`a ${shuttingDown}`)}`).events).toEqual([])
    expect(told(`${JSON.stringify({ log: joined(`a ${shuttingDown}`), stream: 'stdout' })}\n`).events).toEqual([])
  })
})
