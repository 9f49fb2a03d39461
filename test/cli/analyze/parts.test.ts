import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { recorded } from '../../sources/logs/lines.ts'
import { run, tell, type Told } from './run.ts'

// What a part of the logs tells: as much as it can, and never more.
const root = join(import.meta.dirname, '../../fixtures/logs')
const parts = (scenario: string, ...names: string[]): Promise<Told> =>
  tell(...names.map((name) => join(root, scenario, `${name}.log.gz`)))
const verdicts = ({ incidents }: Told): unknown[] =>
  incidents.map(({ how, scope, nodes }) => [how, scope, nodes.join()])
const losses = ({ incidents }: Told): unknown[] =>
  incidents.flatMap((incident) => incident.losses.map(({ role, id, how }) => `${role} ${id ?? ''} ${how}`))

describe('a node that was killed (2.6.0 G)', () => {
  it('from the surviving brokers alone: it was lost, and nothing tells how', async () => {
    const told = await parts('2.6.0/G', 'kafka2', 'kafka3')
    expect(verdicts(told)).toEqual([['unknown', 'broker', '1']])
    expect(told.incidents[0]?.phases.map(({ name }) => name)).not.toContain('session expired')
    expect(told.notes.join()).toContain('no ZooKeeper log')
  })
  it('from the surviving ZooKeeper servers alone: whose session expired is not known', async () => {
    const told = await parts('2.6.0/G', 'zk2', 'zk3')
    expect(verdicts(told)).toEqual([['ended', 'zookeeper', '1']])
    expect(losses(told)).toEqual(['zookeeper 1 ended', 'client  crash'])
    expect(told.incidents[0]?.phases.find(({ name }) => name === 'session expired')?.text).toContain(
      'let session 0x300002ad5a40000 (no log tells who held it) expire',
    )
  })
  it('from its own logs alone: that it ended before its start, and not when', async () => {
    const told = await parts('2.6.0/G', 'kafka1', 'zk1')
    expect(verdicts(told)).toEqual([['crash', 'node', '1']])
    expect(told.incidents[0]?.order).toBeNull()
    expect(told.quorum).toEqual([])
  })
  it('from all survivors: as with all logs, by what the others saw', async () => {
    const told = await parts('2.6.0/G', 'kafka2', 'kafka3', 'zk2', 'zk3')
    expect(verdicts(told)).toEqual([['crash', 'node', '1']])
    // Broker 1's own line that names its session is missing: the controller removed it as the session ended.
    expect(told.notes.join()).toContain('session 0x300002ad5a40000 is taken for that of broker 1')
    expect(told.incidents[0]?.order?.first).toBe('zookeeper')
  })
})

describe('a node that was cut off (2.6.0 H, 4.1.1 H)', () => {
  it('from the others alone: cut off or frozen, nobody can tell', async () => {
    const told = await parts('2.6.0/H', 'kafka2', 'kafka3', 'zk2', 'zk3')
    expect(told.incidents.map(({ how }) => how)).not.toContain('crash')
    expect(told.incidents.map(({ how }) => how)).not.toContain('cut')
    expect(told.incidents[0]?.how).toBe('silent')
  })
  it('from its own logs alone', async () => {
    const told = await parts('2.6.0/H', 'kafka1', 'zk1')
    expect(verdicts(told)).toEqual([['cut', 'node', '1']])
    expect(told.quorum.map(({ seenBy }) => seenBy)).toEqual([1])
  })
  it('from its own logs alone: when it learned of its session\u2019s end is not when it ended', async () => {
    const [incident] = (await parts('2.6.0/H', 'kafka1', 'zk1')).incidents
    const steps = incident?.phases.map(({ name }) => name)
    expect(steps).toContain('learned of expiry')
    expect(steps).not.toContain('session expired')
    expect(Object.keys(incident?.figures ?? {})).toContain('until it learned that its session had ended')
    expect(Object.keys(incident?.figures ?? {})).not.toContain('until the session ended')
    const [whole] = (await tell(join(root, '2.6.0/H'))).incidents
    expect(Object.keys(whole?.figures ?? {})).toContain('until the session ended')
    expect(Object.keys(whole?.figures ?? {})).not.toContain('until it learned that its session had ended')
  })
  it('with KRaft from the others alone', async () => {
    expect(verdicts(await parts('4.1.1/H', 'kafka2', 'kafka3'))).toEqual([['silent', 'node', '1']])
  })
  it('with KRaft from the log of the old leader alone: whom it could not reach, as it saw it', async () => {
    const told = await parts('4.1.1/H', 'kafka1')
    expect(told.incidents.map(({ how }) => how)).toEqual(['cut'])
    expect(told.incidents[0]?.title).toMatch(/^Node 1 could not reach nodes? /)
    expect(told.quorum.map(({ seenBy }) => seenBy)).toEqual([1])
  })
})

describe('a node that was stopped (2.6.0 F)', () => {
  it('from the others alone: the controller was asked, so it was a clean stop', async () => {
    const told = await parts('2.6.0/F', 'kafka2', 'kafka3', 'zk2', 'zk3')
    expect(verdicts(told)).toEqual([['stop', 'node', '1']])
  })
})

describe('ZooKeeper servers that ended one after the other (2.6.0 D)', () => {
  it('from the last one alone', async () => {
    const told = await parts('2.6.0/D', 'zk3')
    expect(verdicts(told)).toEqual([
      ['ended', 'zookeeper', '1'],
      ['ended', 'zookeeper', '2'],
    ])
    expect(told.quorum.map(({ kind, seenBy }) => [kind, seenBy])).toEqual([['lost', 3]])
  })
  it.each(['2.6.0/D', '2.6.0/E', '3.9.1/E'])(
    'from the brokers alone: that they lost ZooKeeper, and for how long (%s)',
    async (scenario) => {
      const names = ['kafka1', 'kafka2', 'kafka3']
      const told = await parts(scenario, ...names)
      expect(verdicts(told)).toEqual([])
      const acts = JSON.parse(readFileSync(join(root, scenario, 'acts.json'), 'utf8')) as [number, string][]
      const [, second] = acts.filter(([, act]) => act === 'stop' || act === 'kill')
      const start = acts.find(([, act]) => act === 'start')
      const [gap] = told.zookeeperLost
      expect(told.zookeeperLost).toHaveLength(1)
      expect(gap).toMatchObject({ brokers: [1, 2, 3], tried: 3, servers: 3 })
      // ZooKeeper closes its clients' connections when it has noticed; they come back within a few seconds.
      const from = Date.parse(gap?.from ?? '') / 1000 - (second?.[0] ?? 0)
      const until = Date.parse(gap?.until ?? '') / 1000 - (start?.[0] ?? 0)
      expect(from).toBeGreaterThan(0)
      expect(from).toBeLessThan(7)
      expect(until).toBeGreaterThan(0)
      expect(until).toBeLessThan(7)
      const { out } = await run(['--time-zone=UTC', ...names.map((name) => join(root, scenario, `${name}.log.gz`))])
      expect(out).toMatch(/^BROKERS 1, 2 AND 3 LOST ZOOKEEPER for .*: none of the 3 servers served them;/m)
    },
  )
  it.each(['2.6.0/D', '2.6.0/E'])(
    'from the brokers beside the log of a server that was down itself (%s)',
    async (scenario) => {
      for (const server of ['zk1', 'zk2']) {
        const told = await parts(scenario, 'kafka1', 'kafka2', 'kafka3', server)
        expect(told.quorum).toEqual([])
        expect(told.zookeeperLost).toMatchObject([{ brokers: [1, 2, 3], servers: 3 }])
      }
      const survivor = await parts(scenario, 'kafka1', 'kafka2', 'kafka3', 'zk3')
      expect([survivor.quorum.length, survivor.zookeeperLost.length]).toEqual([1, 0])
    },
  )
  it('from a broker\u2019s log that ends before they are back: that it lost ZooKeeper, however often it tried', async () => {
    const lines = recorded('2.6.0/D/kafka1').split('\n')
    const end = lines.findIndex((line) => line.startsWith('[2026-11-22 17:27:20'))
    expect(end).toBeGreaterThan(0)
    const { out } = await run(['--format=json', '--time-zone=UTC', '-'], lines.slice(0, end).join('\n'))
    const told = JSON.parse(out) as Told
    expect(told.zookeeperLost).toMatchObject([{ brokers: [1], from: '2026-11-22T17:26:32.517Z', until: null }])
    expect(told.verdict).toContain('lost ZooKeeper from 17:26:32.517 to the end of the logs')
  })
  it('is not told of brokers beside the servers\u2019 own logs, nor where a server alone ended', async () => {
    expect((await tell(join(root, '2.6.0/D'))).zookeeperLost).toEqual([])
    expect((await parts('2.6.0/G', 'kafka2', 'kafka3')).zookeeperLost).toEqual([])
  })
})

describe('the log of one survivor', () => {
  const titles = ({ incidents }: Told): string[] => incidents.map(({ title }) => title)
  it('of a broker that fetched from the one that died: whom it could not reach', async () => {
    const told = await parts('2.6.0/G', 'kafka2')
    expect(titles(told)).toEqual(['Broker 1 could not be reached by broker 2, no line tells why'])
    expect(told.incidents[0]?.from).toBe('2026-11-22T17:31:14.395Z')
    expect(Object.keys(told.incidents[0]?.figures ?? {})).not.toContain('away')
    expect(told.incidents[0]?.phases.map(({ name }) => name)).not.toContain('registered again')
    expect(titles(await parts('2.6.0/C', 'kafka2'))[0]).toBe(
      'Broker 1 could not be reached by broker 2, no line tells why',
    )
  })
  it('of a broker that said the same line all the time: as one that said several', async () => {
    const lines = recorded('2.6.0/G/kafka2').split('\n')
    const isTry = (line: string): boolean => /Connection to node 1 .*could not be established/.test(line)
    const first = lines.find(isTry) ?? ''
    const other = /Error sending fetch request|Error in response for fetch request|node 1 (was )?disconnected/
    const calm = lines.filter((line) => !isTry(line) && !other.test(line))
    // Every second from 17:31:15 on.
    const tries = Array.from({ length: 30 }, (_, i) => first.replace(/17:31:\d\d,\d+/, `17:31:${15 + i},000`))
    const timeOf = (line: string): string => /^\[([^\]]+)\]/.exec(line)?.[1] ?? ''
    const before = calm.filter((line) => timeOf(line) !== '' && timeOf(line) < '2026-11-22 17:31:14')
    const text = [...before, ...tries, ''].join('\n')
    const { out } = await run(['--format=json', '--time-zone=UTC', '-'], text)
    expect(titles(JSON.parse(out) as Told)).toEqual(['Broker 1 could not be reached by broker 2, no line tells why'])
  })
  it('of a broker that became the controller: who was gone then, and not since when', async () => {
    const told = await parts('3.9.1/B', 'kafka3')
    expect(titles(told).sort()).toEqual(
      [1, 2].map((id) => `Broker ${id} was gone when broker 3 became the controller: since when, no line tells`),
    )
  })
  it('of a broker that is cut off itself: nothing of the others', async () => {
    expect(losses(await parts('2.6.0/H', 'kafka1'))).toEqual(['broker 1 cut'])
  })
  it('of a ZooKeeper server: from where the session came that expired, where its lines tell', async () => {
    expect(titles(await parts('3.9.1/C', 'zk3'))).toEqual([
      'Session 0x300003068b50001 of a client at 10.77.0.1 expired; no log tells who held it',
      'Session 0x300003068b50000 of a client at 10.77.0.2 expired; no log tells who held it',
    ])
  })
})
