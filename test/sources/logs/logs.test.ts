import { describe, expect, it, vi } from 'vitest'
import type { FactName } from '../../../src/model/view.ts'
import { emptyView } from '../../../src/model/view.ts'
import type { Follower, FollowerNotes, LinesSink, LogStream } from '../../../src/sources/logs/follower.ts'
import { LogsSource, type LogsOptions } from '../../../src/sources/logs/logs.ts'
import { createParser } from '../../../src/sources/logs/line-parser.ts'
import type { LogParser, ParserOptions, ParserSink } from '../../../src/sources/logs/parser.ts'
import { logEvent, logFile } from '../../support/logs.ts'
import { lookAt, Noted, paceOf } from '../../support/notes.ts'

const stream = (id: number, path = '/logs/server.log'): LogStream => ({ id, path, component: 'kafka' })

/** Every line is an event of its own name; one that ends in `+` waits for the next. */
class FakeParser implements LogParser {
  isWaiting = false
  #waits = ''
  readonly options: ParserOptions
  constructor(options: ParserOptions) {
    this.options = options
  }
  take(text: string, sink: ParserSink): void {
    for (const line of text.split('\n').slice(0, -1)) {
      this.flush(sink)
      if (line === 'defect') throw new Error('a defect')
      sink.line('kafka', 'warn')
      if (!line.endsWith('+')) this.#tell(line, sink)
      else [this.#waits, this.isWaiting] = [line, true]
    }
  }
  flush(sink: ParserSink): void {
    if (!this.isWaiting) return
    this.isWaiting = false
    this.#tell(this.#waits, sink)
  }
  #tell(line: string, sink: ParserSink): void {
    const severity = line.startsWith('noise') ? 'noise' : line.startsWith('major') ? 'major' : 'info'
    const at = now.wall + (line === 'hour ahead' ? 3_600_000 : 0)
    const component = line === 'zookeeper' ? 'zookeeper' : 'kafka'
    sink.event(logEvent(line, { severity, at, file: this.options.file, component }))
  }
}

const now = { mono: 5_000, wall: Date.UTC(2026, 10, 27) }

/** Gives out what the test has it read, one step a `read`. */
class FakeFollower implements Follower {
  readonly steps: ((sink: LinesSink) => void)[] = []
  readonly commits: (readonly number[])[] = []
  readonly notes: FollowerNotes
  reads = 0
  closed = 0
  isHanging = false
  readonly asked: number[] = []
  file = logFile('/logs/server.log')
  onRead: () => void = () => undefined
  constructor(notes: FollowerNotes) {
    this.notes = notes
  }
  read(bytes: number, signal: AbortSignal, sink: LinesSink): Promise<boolean> {
    this.asked.push(bytes)
    this.reads++
    this.onRead()
    if (this.isHanging) return new Promise((resolve) => signal.addEventListener('abort', () => resolve(false)))
    this.steps.shift()?.(sink)
    return Promise.resolve(this.steps.length > 0)
  }
  files() {
    return [this.file]
  }
  committed(waiting: ReadonlySet<number>): Promise<void> {
    this.commits.push([...waiting])
    return Promise.resolve()
  }
  close(): Promise<void> {
    this.closed++
    return Promise.resolve()
  }
}

function setup(createParser: LogsOptions['createParser'] = (options) => new FakeParser(options)) {
  const noted = new Noted()
  const busy = vi.spyOn(noted, 'busy')
  const woken: FactName[] = []
  const parsers: FakeParser[] = []
  const look = vi.fn()
  const warn = vi.fn()
  let follower: FakeFollower | undefined
  const source = new LogsSource({
    createFollower: (notes) => (follower = new FakeFollower(notes)),
    createParser: (options) => {
      const parser = createParser(options)
      if (parser instanceof FakeParser) parsers.push(parser)
      return parser
    },
    countable: [{ component: 'kafka', event: 'never_seen' }],
    timeZone: '+02:00',
    positions: '/positions.json',
    clock: () => now,
    wake: (name) => woken.push(name),
    look,
    notes: noted,
    warn,
    pace: paceOf({}),
  })
  if (follower === undefined) throw new Error('no follower')
  const observe = () => source.observe(lookAt(emptyView))
  return { source, follower, noted, busy, woken, parsers, look, warn, observe }
}

const lines =
  (text: string, of = stream(1)) =>
  (sink: LinesSink) =>
    sink.lines(of, text)
const countsOf = (events: readonly { event: string; count: number }[]) =>
  Object.fromEntries(events.map(({ event, count }) => [event, count]))

describe('what the logs say', () => {
  it('is counted, and what was never said is 0', async () => {
    const { follower, observe } = setup()
    expect(countsOf((await observe()).events)).toEqual({ never_seen: 0 })
    follower.steps.push(lines('a\nb\n'), lines('a\nnoise\n'))
    const { events, lines: byLevel, newest, taken } = await observe()
    expect(countsOf(events)).toEqual({ never_seen: 0, a: 2, b: 1 })
    expect(byLevel.find(({ level }) => level === 'warn')).toMatchObject({ component: 'kafka', count: 4 })
    expect(byLevel.find(({ level }) => level === 'error')).toMatchObject({ component: 'kafka', count: 0 })
    expect(newest.map(({ event }) => event)).toEqual(['a', 'b', 'a'])
    expect(taken).toBe(3)
  })

  it('is of the moment: what was given out does not change', async () => {
    const { follower, observe } = setup()
    follower.steps.push(lines('a\n'))
    const first = await observe()
    follower.steps.push(lines('a\nb\n'))
    await observe()
    expect(countsOf(first.events)).toEqual({ never_seen: 0, a: 1 })
    expect(first.newest).toHaveLength(1)
  })

  it('is parsed file by file, with the path, the component and the time zone', async () => {
    const { follower, observe, parsers } = setup()
    follower.steps.push(lines('a\n'), lines('b\n', stream(2, '/logs/other.log')), lines('c\n'))
    const { newest } = await observe()
    expect(parsers.map(({ options }) => options)).toMatchObject([
      { file: '/logs/server.log', component: 'kafka', timeZone: '+02:00' },
      { file: '/logs/other.log', component: 'kafka', timeZone: '+02:00' },
    ])
    expect(newest.map(({ file }) => file)).toEqual(['/logs/server.log', '/logs/other.log', '/logs/server.log'])
  })

  it('a thing that two lines tell is one event, also when the log was rotated between them', async () => {
    const { follower, observe } = setup(createParser)
    const fetch = (time: string, rest: string) =>
      `[2026-11-27 09:06:${time}] INFO [ReplicaFetcher replicaId=3, leaderId=1, fetcherId=0] Error ${rest}\njava.io.IOException: Connection refused\n`
    const sent =
      'sending fetch request (sessionId=1, epoch=1) to node 1: (org.apache.kafka.clients.FetchSessionHandler)'
    const answered = 'in response for fetch request (type=FetchRequest) (kafka.server.ReplicaFetcherThread)'
    const [rotated, next] = [stream(1), stream(2)]
    follower.steps.push(lines(fetch('03,072', sent), rotated), (sink) => sink.ended(rotated))
    follower.steps.push(lines(fetch('03,073', answered) + fetch('05,076', sent), next), (sink) => sink.quiet(next))
    // Another log, in which the same happened at the same time.
    follower.steps.push(lines(fetch('03,073', answered), stream(3, '/logs/b2.log')), (sink) => sink.ended(stream(3)))
    await observe()
    expect(countsOf((await observe()).events)).toMatchObject({ kafka_fetch_session_error: 3 })
  })

  it('a line that waits for its stack trace is complete when the file is quiet, or ends', async () => {
    const { follower, observe, parsers } = setup()
    follower.steps.push(
      lines('a+\n'),
      lines('b+\n', stream(2)),
      (sink) => sink.quiet(stream(1)),
      (sink) => sink.ended(stream(2)),
      (sink) => sink.quiet(stream(3)),
    )
    const { newest } = await observe()
    expect(newest.map(({ event }) => event)).toEqual(['a+', 'b+'])
    follower.steps.push(lines('c\n', stream(2)))
    await observe()
    // A stream that ended has no parser any more.
    expect(parsers).toHaveLength(3)
  })
})

describe('positions', () => {
  it('are written up to lines that wait for what follows them', async () => {
    const { source, follower, observe } = setup()
    follower.steps.push(lines('a\n'), lines('b+\n', stream(2)))
    await observe()
    expect(follower.commits).toEqual([])
    await source.committed()
    follower.steps.push((sink) => sink.quiet(stream(2)))
    await observe()
    await source.committed()
    expect(follower.commits).toEqual([[2], []])
  })

  it('are not written at the end for what the store has not taken', async () => {
    const { source, follower, observe } = setup()
    follower.steps.push(lines('a\n'))
    const looking = observe()
    const closing = source.close()
    expect(follower.closed).toBe(0)
    await Promise.all([looking, closing])
    expect(follower).toMatchObject({ closed: 1, commits: [] })
  })
})

describe('a backlog', () => {
  it('is read in slices, between which others have their turn, for a part of a second a look', async () => {
    const { follower, observe, look, busy } = setup()
    let turns = 0
    let done = false
    const count = (): void => {
      turns++
      if (!done) setImmediate(count)
    }
    setImmediate(count)
    for (let i = 0; i < 100_000; i++) follower.steps.push(lines('a\n'))
    const spy = vi.spyOn(performance, 'now')
    let ms = 0
    spy.mockImplementation(() => ms)
    follower.onRead = () => (ms += 1)
    const { taken } = await observe()
    done = true
    spy.mockRestore()
    expect(taken).toBe(250)
    expect(turns).toBeGreaterThan(200)
    expect(busy).toHaveBeenCalledTimes(250)
    // The rest is for the next look, which is asked for at once.
    expect(look).toHaveBeenCalledTimes(1)
  })

  it('is read in slices as large as a few milliseconds allow, small ones at first', async () => {
    const { follower, observe } = setup()
    const spy = vi.spyOn(performance, 'now')
    let ms = 0
    spy.mockImplementation(() => ms)
    const taking = (tookMs: number) => (sink: LinesSink) => {
      // Whatever a line makes the clock do passes for parsing.
      sink.lines(
        {
          id: 1,
          component: 'kafka',
          get path() {
            ms += tookMs
            return '/logs/server.log'
          },
        },
        '',
      )
    }
    const each = (tookMs: number) => (sink: LinesSink) => {
      sink.ended(stream(1))
      taking(tookMs)(sink)
    }
    for (const tookMs of [1, 1, 1, 1, 1, 1, 3, 9, 9, 9, 9, 9, 9, 9]) follower.steps.push(each(tookMs))
    await observe()
    spy.mockRestore()
    const kib = follower.asked.map((bytes) => bytes / 1024)
    expect(kib).toEqual([16, 32, 64, 128, 256, 256, 256, 256, 128, 64, 32, 16, 16, 16])
  })

  it('that is read to its end asks for nothing', async () => {
    const { follower, observe, look } = setup()
    follower.steps.push(lines('a\n'), lines('a\n'))
    await observe()
    expect(follower.reads).toBe(2)
    expect(look).not.toHaveBeenCalled()
  })

  it('ends where a disk hangs, well before the look would be given up', async () => {
    vi.useFakeTimers()
    const { follower, observe } = setup()
    follower.isHanging = true
    const looking = observe()
    await vi.advanceTimersByTimeAsync(2_000)
    expect((await looking).files).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
  })

  it('ends with the look', async () => {
    const { source, follower } = setup()
    for (let i = 0; i < 10; i++) follower.steps.push(lines('a\n'))
    const aborter = new AbortController()
    follower.onRead = () => {
      if (follower.reads === 3) aborter.abort()
    }
    await source.observe({ signal: aborter.signal, view: emptyView })
    expect(follower.reads).toBe(3)
  })
})

describe('what goes wrong', () => {
  it('a file says why it cannot be read, until it can', async () => {
    const { follower, observe, noted } = setup()
    const path = '/logs/server.log'
    follower.notes.failed(path, { reason: 'auth', detail: 'permission denied' })
    follower.file = logFile(path, { up: false })
    expect((await observe()).files).toEqual([logFile(path, { up: false, failure: 'permission denied' })])
    expect(noted.failures).toEqual([[path, 'auth']])
    follower.file = logFile(path)
    expect((await observe()).files).toEqual([logFile(path)])
    follower.file = logFile(path, { up: false })
    expect((await observe()).files).toEqual([logFile(path, { up: false })])
  })

  it('positions that cannot be written are no file that is followed', async () => {
    const { follower, observe, warn } = setup()
    follower.notes.failed('/positions.json', { reason: 'closed', detail: 'no space left' })
    expect((await observe()).files).toEqual([logFile('/logs/server.log')])
    const message = 'positions are not written: a restart does not know how far the logs were read'
    expect(warn).toHaveBeenCalledWith(message, { detail: 'no space left' })
  })

  it('what the follower warns of comes into the log', () => {
    const { follower, warn } = setup()
    follower.notes.warn('lines are lost', { lines: 3 })
    expect(warn).toHaveBeenCalledWith('lines are lost', { lines: 3 })
  })

  it('a defect of a parser fails the look, not the follower nor the other files', async () => {
    const { follower, observe } = setup()
    follower.steps.push(lines('a\ndefect\n'), lines('b\n', stream(2)))
    await expect(observe()).rejects.toThrow('a defect')
    expect(countsOf((await observe()).events)).toEqual({ never_seen: 0, a: 1, b: 1 })
  })
})

it('lines of another time zone are told of, also where those of the other program are in this one', async () => {
  const { follower, observe, warn } = setup()
  const before = { ...now }
  for (let i = 0; i < 6; i++) {
    now.wall = before.wall + i * 10_000
    follower.steps.push(lines('hour ahead\nzookeeper\n'))
    await observe()
  }
  Object.assign(now, before)
  expect(warn.mock.calls).toEqual([
    [
      'the times of the logs are those of another time zone: set --logs.time-zone',
      { file: '/logs/server.log', minutes: 60, in_use: '+02:00', fits: '+03:00' },
    ],
  ])
})

it('a fresh line of an outage wakes those who can see it', async () => {
  const { follower, observe, woken } = setup()
  follower.steps.push(lines('a\n'))
  await observe()
  expect(woken).toEqual([])
  follower.steps.push(lines('major\n'))
  await observe()
  expect(woken).toEqual(['liveness', 'topology', 'zookeeper', 'quorum'])
})
