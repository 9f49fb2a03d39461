import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { shortNames } from '../../../src/cli/analyze/names.ts'
import type { LogFileFacts } from '../../../src/model/log-facts.ts'
import { recorded } from '../../sources/logs/lines.ts'
import { run, tell } from './run.ts'

// Nothing is told that the lines do not prove.
const root = join(import.meta.dirname, '../../fixtures/logs')
const directory = mkdtempSync(join(tmpdir(), 'honest-'))
afterAll(() => {
  rmSync(directory, { recursive: true })
})
const written = (name: string, text: string): string => {
  writeFileSync(join(directory, name), text)
  return join(directory, name)
}

describe('a time that begins between a clean stop and the start after it', () => {
  it('does not make a crash of the stop', async () => {
    // Broker 1 of 2.6.0 A, away for an hour instead of 12 s.
    const lines = recorded('2.6.0/A/kafka1').split('\n')
    const stop = lines.findIndex((line) => line.includes('[KafkaServer id=1] shut down completed'))
    expect(stop).toBeGreaterThan(0)
    const text = lines
      .map((line, index) => (index <= stop ? line : line.replace('[2026-11-22 17:', '[2026-11-22 18:')))
      .join('\n')
    const { incidents } = await tell('--from=2026-11-22T18:10Z', written('kafka1.log', text))
    expect(incidents.map(({ title }) => title)).toEqual(['Broker 1 was stopped cleanly'])
  })
})

describe('a loss that only the start after it tells of', () => {
  const files = ['kafka1', 'zk1'].map((name) => join(root, '2.6.0/G', `${name}.log.gz`))
  it('began after the last line before: how long it was away is told as a bound', async () => {
    const { incidents } = await tell(...files)
    expect(incidents.map(({ figures }) => Object.keys(figures))).toEqual([
      ['away at most', 'from its start until back in the ISR'].slice(0, 1),
    ])
    const { out } = await run(['--time-zone=UTC', ...files])
    expect(out).toContain('  1. after 17:31:05.524  Node 1')
  })
})

describe('logs of two clusters', () => {
  const ofTwo = ['2.6.0/A', '2.6.0/G'].map((name) => join(root, name))
  it.each(['text', 'json', 'html'])('are refused, and which file is of which is said: %s', async (format) => {
    const { code, out, err } = await run([`--format=${format}`, ...ofTwo])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('these are logs of 2 clusters; give those of one at a time')
    const said = err.replaceAll('kafka-ha-exporter analyze: ', '').replaceAll(`${root}/`, '').split('\n')
    const parts = said.flatMap((line, index) => (line.startsWith('cluster ') ? index : []))
    expect(parts).toHaveLength(2)
    const files = (from = 0, to = said.length): string[] => said.slice(from + 1, to).filter((line) => line !== '')
    const names = ['kafka1', 'kafka2', 'kafka3', 'zk1', 'zk2', 'zk3'].map((name) => `${name}.log.gz`)
    for (const [scenario, listed] of [
      ['A', files(parts[0], parts[1])],
      ['G', files(parts[1])],
    ] as const) {
      expect(listed.map((line) => line.trim().replace(' (by its directory)', ''))).toEqual(
        names.map((name) => `2.6.0/${scenario}/${name}`),
      )
    }
  })
  it('a file of which nothing tells whose it is is named', async () => {
    const files = ['kafka1', 'kafka2', 'zk1'].map((name) =>
      written(`mixed-${name}.log`, recorded(`2.6.0/${name === 'kafka2' ? 'A' : 'G'}/${name}`)),
    )
    const { code, err } = await run(files)
    expect(code).toBe(2)
    const [, nobodys = ''] = err.split('no line or directory tells of which cluster:')
    // Server 1 tells of none of these brokers' sessions, and all lie in one directory.
    expect(nobodys).toContain('mixed-zk1.log')
    expect(nobodys).not.toContain('mixed-kafka')
  })
  it('that announce no cluster are refused where one broker writes two logs at a time', async () => {
    const silent = (text: string): string => text.replace(/^.*(Cluster ID = |clusterId).*\n/gm, '')
    mkdirSync(join(directory, 'a'))
    mkdirSync(join(directory, 'b'))
    const files = ['a', 'b'].map((name) => written(`${name}/server.log`, silent(recorded('2.6.0/A/kafka1'))))
    const { code, out, err } = await run(files)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('one node has two logs of one name at the same time')
    for (const file of files) expect(err).toContain(file)
  })
  it('in rotated files of one node are told with a warning, too; not where they are of the same time', async () => {
    mkdirSync(join(directory, 'anew'))
    const files = [
      written('anew/server.log.2', recorded('2.6.0/A/kafka1')),
      written('anew/server.log', recorded('2.6.0/G/kafka1')),
    ]
    expect((await tell(...files)).warnings).toEqual([expect.stringContaining('the same files tell of 2 clusters')])
    const text = recorded('2.6.0/A/kafka1')
    const id = /Cluster ID = ([\w-]+)/.exec(text)?.[1] ?? ''
    const other = text.replaceAll(id, `${id.slice(1)}${id.slice(0, 1)}`).replace(/0x[0-9a-f]{9}/g, '0x123456789')
    written('anew/server.log', other)
    const { code, err } = await run(files)
    expect([code, err]).toEqual([2, expect.stringContaining('these are logs of 2 clusters')])
  })
  it('are not seen in a log and its compressed copy: what is there twice is read as once, and that is said', async () => {
    mkdirSync(join(directory, 'copy'))
    const text = recorded('2.6.0/G/kafka1')
    const plain = written('copy/server.log.1', text)
    const alone = await tell(plain)
    writeFileSync(`${plain}.gz`, gzipSync(text))
    const both = await tell(join(directory, 'copy'))
    expect(both.notes.join()).toContain('left out, as the same is there without compression: ')
    expect({ ...both, notes: [] }).toMatchObject({ ...alone, notes: [], lines: expect.any(Number) as number })
    expect(both.files).toHaveLength(1)
  })
  it('in one file are told with a warning: it may be one that was made anew', async () => {
    const text = recorded('2.6.0/A/kafka1') + recorded('2.6.0/G/kafka1')
    expect((await tell(written('made-anew.log', text))).warnings).toEqual([
      expect.stringContaining('the same files tell of 2 clusters'),
    ])
  })
  it.each(['2.6.0/G', '3.9.1/H', '4.1.1/H'])('are not seen in those of one: %s', async (name) => {
    expect((await tell(join(root, name))).warnings).toEqual([])
  })
})

describe('the logs of one machine with a clock of another zone', () => {
  it('are moved by what the controller and the other brokers tell of the same partitions', async () => {
    const names = ['kafka1', 'kafka2', 'zk2', 'kafka3', 'zk3']
    const files = names.map((name) => {
      const text = recorded(`2.6.0/G/${name}`)
      return written(`${name}.log`, name.endsWith('1') ? text.replace(/^(\[2026-11-22) 17:/gm, '$1 19:') : text)
    })
    const told = await tell(...files)
    expect(told.files.map(({ shiftMs }) => shiftMs / 3_600_000)).toEqual([-2, 0, 0, 0, 0])
    expect(told.incidents.map(({ from, title }) => [from.slice(11, 19), title])).toEqual([
      ['17:31:14', 'Node 1 (broker and ZooKeeper server) died without a word (kill -9, out of memory, power)'],
    ])
  })
})

describe('a log whose times are those of no other', () => {
  const at = (name: string, from: string): string =>
    written(name, recorded(`2.6.0/G/${name.slice(0, -4)}`).replace(/^(\[2026-11-22) 17:/gm, `$1 ${from}:`))
  it('is named: its zone may be another', async () => {
    const note = 'zk1.log tells of a time of which no other log tells'
    expect((await tell(at('zk1.log', '19'), at('zk2.log', '17'), at('zk3.log', '17'))).notes.join()).toContain(note)
    expect((await tell(at('zk1.log', '17'), at('zk2.log', '17'), at('zk3.log', '17'))).notes.join()).not.toContain(note)
  })
})

describe('where no loss can be told', () => {
  const line = (time: string, message: string): string =>
    `[2026-11-22 17:${time},000] ERROR ${message} (state.change.logger)\n`
  const calm = Array.from({ length: 30 }, (_, i) =>
    line(
      `00:${i + 10}`,
      '[Broker id=2] Handling LeaderAndIsr request correlationId 1 from controller 1 for 2 partitions',
    ),
  ).join('')
  const grave =
    '[2026-11-22 17:30:00,000] ERROR Error while accepting connection (kafka.network.Acceptor)\njava.io.IOException: Too many open files\n'
  it('the gravest lines are shown, not the first, and it is said that there are more', async () => {
    const { out } = await run(['--time-zone=UTC', written('server.log', calm + grave)])
    expect(out).toContain('The process may not open any more files or sockets')
    expect(out).toContain('and 11 more lines of no greater weight')
  })
  it('only lines of the time that was asked for are shown', async () => {
    const { out } = await run(['--time-zone=UTC', '--from=2026-11-22T17:20Z', written('server.log', calm + grave)])
    expect(out).toContain('The process may not open any more files or sockets')
    expect(out).not.toContain('Handling LeaderAndIsr')
  })
})

describe('a member of a quorum that lost the others', () => {
  it('from its log alone: whether they died or it was cut off, no line tells', async () => {
    const { incidents } = await tell(join(root, '4.1.1/C/kafka3.log.gz'))
    expect(incidents.map(({ title }) => title).join()).not.toContain('over the network')
    expect(incidents.at(-1)?.title).toBe(
      'Node 3 ran on and could not reach the others (it was cut off, or they were gone)',
    )
  })
})

describe('short names of the files', () => {
  it('are not cut out of other paths', () => {
    const files = ['logs/kafka1.log', 'logs/kafka2.log'].map((file) => ({ file }) as LogFileFacts)
    const names = shortNames({ files })
    expect(names.in('logs/kafka1.log and (logs/kafka2.log) of /data/kafka-logs/t-0, /logs/x')).toBe(
      'kafka1.log and (kafka2.log) of /data/kafka-logs/t-0, /logs/x',
    )
  })
})

describe('characters that are not seen or turn the direction of writing', () => {
  it.each(['text', 'html', 'json'])('are replaced: %s', async (format) => {
    const name = written(
      'zk1.log',
      '[2024-02-23 01:08:13,397] WARN Cannot open channel to 2 at election address a\u061cb\u200ec\u200bd\u2066e\ufefff/10.0.0.2:3888 (org.apache.zookeeper.server.quorum.QuorumCnxManager)\n',
    )
    const { out } = await run([`--format=${format}`, name])
    expect(out).toContain('Cannot open channel')
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })
  it('are replaced in names of files as well', async () => {
    const { err, code } = await run([join(directory, 'not\u001b[2J\u202ethere')])
    expect(code).toBe(1)
    expect(err.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })
})
