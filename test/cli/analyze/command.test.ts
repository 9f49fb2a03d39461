import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../../src/cli/command.ts'
import { run, tell } from './run.ts'
import { Readable, Writable } from 'node:stream'

const expired = (time: string, session = '0x300138012d60000'): string =>
  `[2024-02-23 ${time}] INFO Expiring session ${session}, timeout of 18000ms exceeded (org.apache.zookeeper.server.ZooKeeperServer)\n`

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'analyze-'))
  mkdirSync(join(directory, 'node-1'))
  writeFileSync(join(directory, 'node-1', 'zookeeper.log'), expired('01:08:13,397'))
  writeFileSync(join(directory, 'node-1', 'zookeeper.log.2024-02-23-00.gz'), gzipSync(expired('00:08:13,397', '0x1')))
  writeFileSync(join(directory, 'node-1', '00000000000000000042.log'), 'a broker\u2019s data')
  writeFileSync(join(directory, 'node-1', 'kafkaServer-gc.log'), '[gc] pause')
  symlinkSync(join(directory, 'node-1', 'zookeeper.log'), join(directory, 'again.log'))
})
afterAll(() => {
  rmSync(directory, { recursive: true })
})

describe('bad usage is one message and exit code 2', () => {
  it.each([
    [['--format=xml', 'a.log'], '--format=xml: one of text, json, html'],
    [['--time-zone=Mars/Olympus', 'a.log'], '--time-zone=Mars/Olympus: no such time zone'],
    [['--from=yesterday', 'a.log'], '--from=yesterday: not a time such as 2024-02-23T07:44:05Z'],
    [['--from=25:00', 'a.log'], '--from=25:00: not a time such as 2024-02-23T07:44:05Z, or 07:44 alone'],
    [['--from=7:44', 'a.log'], '--from=7:44: not a time'],
    [['--to=2024-02-30T00:61', 'a.log'], '--to=2024-02-30T00:61: not a time'],
    [['--from=2024-02-23T08:00Z', '--to=2024-02-23T07:00Z', 'a.log'], '--from is later than --to'],
    [['--colour', 'a.log'], "Unknown option '--colour'"],
    [['--from'], "Option '--from <value>' argument missing"],
    [[], 'no log files given'],
  ])('%j', async (argv, message) => {
    const { code, out, err } = await run(argv)
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).toContain(message)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
  })
})

describe('the files', () => {
  it('of a directory are its logs, rotated and packed ones too, each once', async () => {
    const { files } = await tell(directory, join(directory, 'again.log'))
    expect(files.map(({ file }) => file).sort()).toEqual([
      join(directory, 'again.log'),
      join(directory, 'node-1', 'zookeeper.log.2024-02-23-00.gz'),
    ])
  })
  it('that cannot be read are told, the others are told all the same, exit code 1', async () => {
    const missing = join(directory, 'missing.log')
    const { code, out, err } = await run([missing, join(directory, 'node-1', 'zookeeper.log')])
    expect(code).toBe(1)
    expect(err).toContain(`${missing}: ENOENT`)
    expect(out).toContain('Session 0x300138012d60000 expired')
  })
  it('that are broken gzip are told, and what could be read of them counts', async () => {
    const broken = join(directory, 'broken.gz')
    writeFileSync(broken, gzipSync(expired('01:08:13,397').repeat(2000)).subarray(0, 120))
    const { code, err } = await run([broken])
    expect(code).toBe(1)
    expect(err).toContain('broken.gz: ')
    rmSync(broken)
  })
  it('may be standard input', async () => {
    const { out, code } = await run(['--time-zone=UTC', '-'], expired('01:08:13,397'))
    expect(code).toBe(0)
    expect(out).toContain('01:08:13.397  Session 0x300138012d60000 expired; no log tells who held it')
  })
  it('are written with --output instead of to standard output', async () => {
    const file = join(directory, 'page.html')
    const { out } = await run(['--format=html', `--output=${file}`, '-'], expired('01:08:13,397'))
    expect(out).toBe('')
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>/)
    rmSync(file)
  })
  it.each(['', 'missing/page.html'])('that cannot be written name the flag and the path: %j', async (name) => {
    const path = join(directory, name)
    const { code, err } = await run([`--output=${path}`, '-'], expired('01:08:13,397'))
    expect(code).toBe(1)
    expect(err).toContain(`--output=${path}: E`)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
  })
  it.each(['node-1/zookeeper.log', 'again.log', 'hard.log', 'node-1/../node-1/zookeeper.log'])(
    'are never written over a log that is read: %s',
    async (name) => {
      const log = join(directory, 'node-1', 'zookeeper.log')
      linkSync(log, join(directory, 'hard.log'))
      const before = readFileSync(log, 'utf8')
      for (const input of [log, join(directory, 'node-1')]) {
        const { code, out, err } = await run([`--output=${join(directory, name)}`, input])
        expect(code).toBe(2)
        expect(out).toBe('')
        expect(err).toContain('would overwrite a log that is to be read')
        expect(err.trimEnd().split('\n')).toHaveLength(1)
      }
      expect(readFileSync(log, 'utf8')).toBe(before)
      rmSync(join(directory, 'hard.log'))
    },
  )
})

describe('--from and --to', () => {
  const lines = expired('01:08:13,397', '0x1') + expired('03:08:13,397', '0x2') + expired('05:08:13,397', '0x3')
  const sessions = async (...argv: string[]): Promise<string[]> => {
    const { out } = await run(['--time-zone=+02:00', '--format=json', ...argv, '-'], lines)
    return (JSON.parse(out) as { incidents: { title: string }[] }).incidents.map(
      ({ title }) => /0x\d/.exec(title)?.[0] ?? '',
    )
  }
  it('leave out what was before and after, in the zone of the logs or their own', async () => {
    expect(await sessions()).toEqual(['0x1', '0x2', '0x3'])
    expect(await sessions('--to=2024-02-23 02:00')).toEqual(['0x1'])
    expect(await sessions('--to=2024-02-23T03:00Z', '--from=2024-02-22')).toEqual(['0x1', '0x2'])
  })
})

describe('hostile lines', () => {
  const hostile =
    expired('01:08:13,397') +
    '[2024-02-23 01:08:14,000] WARN Cannot open channel to 2 at election address </script><script>alert(1)</script>\u001b[2J\u001b]0;pwned\u0007/10.0.0.2:3888 (org.apache.zookeeper.server.quorum.QuorumCnxManager)\n' +
    'java.net.ConnectException: Connection refused <img src=x onerror=alert(1)>\u202e\n'
  it('are inert on the page: no element, no escape sequence, nothing to load or run', async () => {
    const { out } = await run(['--format=html', '-'], hostile)
    expect(out).toContain('&lt;/script&gt;')
    expect(out).not.toMatch(/<script|<img|\son\w+=|javascript:|https?:\/\//i)
    // eslint-disable-next-line no-control-regex
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/)
    expect(out).toContain("default-src 'none'")
  })
  it('do nothing in a terminal', async () => {
    const { out } = await run(['-'], hostile)
    expect(out).toContain('</script>')
    // eslint-disable-next-line no-control-regex
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/)
  })
  it.each([
    ['random bytes', Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919 + (index >> 3)) % 256))],
    ['no newline in 5 MB', Buffer.alloc(5_000_000, 'x')],
    ['NUL bytes before a line', Buffer.concat([Buffer.alloc(100_000), Buffer.from(expired('01:08:13,397'))])],
    ['nothing', Buffer.alloc(0)],
  ])('%s', async (_name, input) => {
    const { code, out } = await run(['-'], input)
    expect(code).toBe(out.includes('nothing can be told') ? 1 : 0)
    expect(out).toMatch(/NO (LOG LINES WERE|LINE WITH A TIME WAS) READ|WHAT HAPPENED/)
  })
  it('cost what they are long: 60,000 sessions that expire in one breath', async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => expired('01:08:13,397', `0x${(i + 4096).toString(16)}`))
    const { out } = await run(['-'], lines.join(''))
    expect(out).toContain('Session 0x1000 expired')
  }, 25_000)
  it('survive a line of 3 MB between two others', async () => {
    const { out } = await run(
      ['-'],
      `${expired('01:08:13,397', '0x1')}${'x'.repeat(3_000_000)}\n${expired('01:09:13,397', '0x2')}`,
    )
    expect(out).toContain('Session 0x1 expired')
    expect(out).toContain('Session 0x2 expired')
  })
})

describe('logs of another time zone', () => {
  it('are moved by whole half hours so that the same session ends at the same time in both', async () => {
    const session = (time: string, id: string, text: string): string =>
      `[2024-02-23 ${time}] INFO ${text.replace('ID', id)}\n`
    const closing =
      'Submitting global closeSession request for session ID (org.apache.zookeeper.server.ZooKeeperServer)'
    const closed = 'Session: ID closed (org.apache.zookeeper.ZooKeeper)'
    writeFileSync(
      join(directory, 'zk1.log'),
      session('07:44:05,983', '0x1a', closing) + session('08:10:00,100', '0x1b', closing),
    )
    writeFileSync(
      join(directory, 'kafka1.log'),
      session('09:14:06,001', '0x1a', closed) + session('09:40:00,120', '0x1b', closed),
    )
    writeFileSync(
      join(directory, 'kafka2.log'),
      session('07:44:06,001', '0x1a', closed) + session('08:10:00,120', '0x1b', closed),
    )
    const told = await tell(...['zk1.log', 'kafka1.log', 'kafka2.log'].map((name) => join(directory, name)))
    expect(told.files.map(({ shiftMs }) => shiftMs / 3_600_000)).toEqual([0, -1.5, 0])
    expect(told.notes.join()).toContain('kafka1.log: -1.5 h')
  })
})

describe('subcommands', () => {
  class Sink extends Writable {
    text = ''
    override _write(chunk: Buffer, _encoding: string, done: () => void): void {
      this.text += String(chunk)
      done()
    }
  }
  const version = (): string => 'kafka-ha-exporter, version 1.2.3'
  it('tell the version', async () => {
    const io = { in: Readable.from([]), out: new Sink(), err: new Sink() }
    expect(await runCommand(['analyze', '--version'], io, version)).toBe(0)
    expect(io.out.text).toBe('kafka-ha-exporter, version 1.2.3\n')
  })
  it('are taken by their name only; the rest is the exporter\u2019s', () => {
    const io = { in: Readable.from([]), out: new Sink(), err: new Sink() }
    expect(runCommand(['--kafka.server=kafka:9092'], io, version)).toBeUndefined()
    expect(runCommand([], io, version)).toBeUndefined()
    expect(runCommand(['constructor'], io, version)).toBeUndefined()
  })
  it('have a help of their own', async () => {
    const out = new Sink()
    expect(await runCommand(['analyze', '--help'], { in: Readable.from([]), out, err: new Sink() }, version)).toBe(0)
    expect(out.text).toContain('usage: kafka-ha-exporter analyze')
  })
})
