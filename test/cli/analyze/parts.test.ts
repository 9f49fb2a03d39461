import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tell, type Told } from './run.ts'

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
  it('from the brokers alone: nothing of Kafka was lost', async () => {
    expect(verdicts(await parts('2.6.0/D', 'kafka1', 'kafka2', 'kafka3'))).toEqual([])
  })
})
