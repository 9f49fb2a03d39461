import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { describeConfig } from '../../src/config/redacted.ts'

const directories = ['/var/log/kafka', '/var/lib']

function load(argv: readonly string[], env: Record<string, string> = {}) {
  const loaded = loadConfig(
    argv,
    env,
    () => {
      throw new Error('nothing is read')
    },
    (path) => directories.includes(path),
  )
  if (loaded.ok && !('config' in loaded)) throw new Error(loaded.action)
  return loaded
}

function good(argv: readonly string[], env?: Record<string, string>) {
  const loaded = load(argv, env)
  if (!loaded.ok) throw new Error(loaded.message)
  return loaded
}

describe('the logs to follow', () => {
  it('are repeated, or a list; commas within braces belong to the glob', () => {
    const { config } = good([
      '--logs.kafka=/a/{server,controller}.log, /b.log,',
      '--logs.kafka=/b.log',
      '--logs.kafka',
      '-',
      '--logs.zookeeper=/z/*.log',
    ])
    expect(config.logs).toEqual({
      kafka: ['/a/{server,controller}.log', '/b.log', '-'],
      zookeeper: ['/z/*.log'],
      positions: undefined,
      fromStart: false,
      timeZone: undefined,
    })
    expect(config.sources.logs).toBe(true)
  })

  it('come from the environment, too', () => {
    const { config } = good([], { KAFKA_HA_LOGS_KAFKA: '/a.log,/b/{c,d}', KAFKA_HA_LOGS_FROM_START: 'true' })
    expect(config.logs).toMatchObject({ kafka: ['/a.log', '/b/{c,d}'], fromStart: true })
  })

  it('are not followed where there are none, or where that is switched off', () => {
    expect(good([]).config.sources.logs).toBe(false)
    expect(good(['--logs.kafka=a.log', '--no-source.logs']).config.sources.logs).toBe(false)
    expect(good([], { KAFKA_HA_LOGS_KAFKA: ' , ' }).config.sources.logs).toBe(false)
  })

  it('are shown by --config.check', () => {
    const { config } = good(['--logs.kafka=/k.log', '--logs.positions=/p.json', '--logs.time-zone=+05:30'])
    expect(describeConfig(config)).toContain(`logs:
  kafka:
    - /k.log
  zookeeper: []
  positions: /p.json
  fromStart: false
  timeZone: +05:30
`)
  })
})

describe('a time zone', () => {
  it.each(['UTC', 'Europe/Berlin', 'Asia/Kolkata', '+02:00', '-09:30', '+14:00'])('may be %s', (zone) => {
    expect(good(['--logs.kafka=a', `--logs.time-zone=${zone}`]).config.logs.timeZone).toBe(zone)
  })

  it.each(['Berlin', '+2', '+0200', '+15:00', '+02:60', '02:00', 'UTC+2', ' '])('is not %j', (zone) => {
    expect(load(['--logs.kafka=a', `--logs.time-zone=${zone}`])).toEqual({
      ok: false,
      message: `--logs.time-zone: ${JSON.stringify(zone)} is no time zone: write one as in Europe/Berlin, UTC or +02:00`,
    })
  })
})

const wrong: readonly [string[], string][] = [
  [
    ['--logs.kafka=/var/log/kafka'],
    '--logs.kafka: "/var/log/kafka" is a directory: write which files in it, as in "/var/log/kafka/*.log"',
  ],
  [['--logs.zookeeper=/x/'], '--logs.zookeeper: "/x/" is a directory: write which files in it, as in "/x/*.log"'],
  [['--logs.kafka=file:///x'], '--logs.kafka: "file:///x" is a URL: write the path of a file'],
  [['--logs.kafka=a\0b'], '--logs.kafka: "a\\u0000b" is no path'],
  [
    ['--logs.kafka=-', '--logs.zookeeper=-'],
    '--logs.zookeeper: standard input (-) is given to --logs.kafka, too: a log is read once',
  ],
  [
    ['--logs.kafka=/a.log', '--logs.zookeeper=/a.log'],
    '--logs.zookeeper: "/a.log" is given to --logs.kafka, too: a log is read once',
  ],
  [
    ['--logs.kafka=a', '--logs.positions=/var/lib'],
    '--logs.positions: "/var/lib" is a directory: write the file in it, as in "/var/lib/positions.json"',
  ],
  [
    ['--logs.kafka=a', '--logs.positions=p/'],
    '--logs.positions: "p/" is a directory: write the file in it, as in "p/positions.json"',
  ],
  [['--logs.kafka=a', '--logs.positions=-'], '--logs.positions: "-" is no path'],
  [['--logs.kafka=a', '--logs.positions=a'], '--logs.positions: is a log that is followed: write a file of its own'],
]

describe('what cannot be followed', () => {
  it.each(wrong)('%j', (argv, message) => expect(load(argv)).toEqual({ ok: false, message }))
})

describe('an option without an effect is warned of', () => {
  it.each<[string[], string[]]>([
    [
      ['--logs.from-start', '--logs.positions=p', '--logs.time-zone=UTC'],
      ['positions', 'from-start', 'time-zone'].map(
        (name) => `--logs.${name} has no effect: no --logs.kafka and no --logs.zookeeper is given`,
      ),
    ],
    [
      ['--logs.kafka=-', '--logs.positions=p', '--logs.time-zone=UTC'],
      ['--logs.positions has no effect: standard input is read from where it is, and only once'],
    ],
    [['--logs.kafka=-,a.log', '--logs.positions=p'], []],
    [['--logs.kafka='], ['--logs.kafka has no effect: it names no log']],
    [['--logs.kafka=', '--logs.kafka', ' '], ['--logs.kafka has no effect: it names no log']],
    [['--logs.kafka=', '--logs.kafka=/a.log'], []],
    [
      ['--logs.kafka=/a.log', '--logs.zookeeper', ' , ', '--zookeeper.server='],
      ['--zookeeper.server has no effect: it names no server', '--logs.zookeeper has no effect: it names no log'],
    ],
  ])('%j', (argv, warnings) => expect(good(argv).warnings.toSorted()).toEqual(warnings.toSorted()))

  it('and has none: of standard input no positions are kept', () => {
    expect(good(['--logs.kafka=-', '--logs.positions=p']).config.logs.positions).toBeUndefined()
    expect(good(['--logs.kafka=-,a.log', '--logs.positions=p']).config.logs.positions).toBe('p')
  })
})
