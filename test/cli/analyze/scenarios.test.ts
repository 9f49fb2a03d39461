import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { tell, type Told } from './run.ts'

// Real logs of real acts: `[unix seconds, act, units...]`.
type Act = readonly [at: number, act: 'stop' | 'kill' | 'cut' | 'start' | 'heal' | 'end', ...units: string[]]

const root = join(import.meta.dirname, '../../fixtures/logs')
const scenarios = ['2.6.0', '3.9.1', '4.1.1'].flatMap((version) =>
  readdirSync(join(root, version)).map((scenario) => ({ version, scenario, directory: join(root, version, scenario) })),
)

type Incident = Told['incidents'][number]
const seconds = (iso: string): number => Date.parse(iso) / 1000
const phase = (incident: Incident | undefined, name: string): Incident['phases'][number] | undefined =>
  incident?.phases.find((known) => known.name === name)
const at = (incident: Incident | undefined, name: string): number => seconds(phase(incident, name)?.at ?? '')

/** SIGTERM makes ZooKeeper end without a line, a kill too: nothing but `ended` can be told of a server alone. */
const hows = { stop: 'stop', kill: 'crash', cut: 'cut' } as const

describe.each(scenarios)('$version $scenario', ({ version, scenario, directory }) => {
  const acts = JSON.parse(readFileSync(join(directory, 'acts.json'), 'utf8')) as Act[]
  const failures = acts.filter(([, act]) => act === 'stop' || act === 'kill' || act === 'cut')
  const kraft = version === '4.1.1'
  let told: Told
  beforeAll(async () => {
    told = await tell(directory)
  })

  it('names every act and nothing else: who, how and when', () => {
    const found = told.incidents.map(({ how, scope, nodes }) => ({ how, scope, nodes }))
    expect(found).toEqual(
      failures.map(([, act, ...units]) => {
        const scope =
          units[0]?.startsWith('zk') === true
            ? 'zookeeper'
            : units[0]?.startsWith('kafka') === true && !kraft
              ? 'broker'
              : 'node'
        const how = scope === 'zookeeper' ? 'ended' : hows[act as keyof typeof hows]
        // Without a majority on any side, whoever is left is as much cut off as the others.
        const nodes = units.length > 1 ? [1, 2, 3] : [Number(units[0]?.replace(/\D/g, ''))]
        return { how, scope, nodes }
      }),
    )
    told.incidents.forEach((incident, index) => {
      const [when = 0, act] = failures[index] ?? []
      // A cut is noticed by the first time-out: syncLimit (2 ticks of 3 s), or the controller quorum's.
      const latest = act === 'cut' ? 7 : 0.5
      expect(seconds(incident.from) - when).toBeGreaterThanOrEqual(0)
      expect(seconds(incident.from) - when).toBeLessThan(latest)
    })
  })

  it('tells when each came back', () => {
    const returns = acts.filter(([, act]) => act === 'start' || act === 'heal')
    for (const [when, act, ...units] of returns) {
      for (const unit of units) {
        const id = Number(unit.replace(/\D/g, ''))
        const incident = told.incidents.find(({ nodes }) => nodes.includes(id))
        if (act === 'start') {
          expect(at(incident, 'started again') - when).toBeGreaterThan(0)
          expect(at(incident, 'started again') - when).toBeLessThan(2)
        }
        const losses = incident?.losses.filter((loss) => loss.id === id) ?? []
        expect(losses.length).toBeGreaterThan(0)
        for (const { backAt } of losses) {
          expect(seconds(backAt ?? '') - when).toBeGreaterThan(0)
          // The server that led before the cut looks for a leader at growing intervals, up to a minute.
          expect(seconds(backAt ?? '') - when).toBeLessThan(act === 'heal' ? 25 : 15)
        }
      }
    }
  })

  it('proves each statement with lines that stand where it says', () => {
    const texts = new Map(
      readdirSync(directory)
        .filter((name) => name.endsWith('.gz'))
        .map((name) => [
          join(directory, name),
          gunzipSync(readFileSync(join(directory, name)))
            .toString()
            .split('\n'),
        ]),
    )
    const proofs = told.incidents.flatMap(({ losses, phases }) => [
      ...losses.flatMap(({ because }) => because.flatMap(({ proof }) => proof)),
      ...phases.flatMap(({ proof }) => proof),
    ])
    expect(proofs.length).toBeGreaterThan(0)
    for (const { file, line, text } of proofs) {
      const [start = ''] = text.replace(/^\[[^\]]*\d,\d{3}\] \w+ /, '').split('\u2026')
      expect(texts.get(file)?.[line - 1] ?? '').toContain(start)
    }
    for (const { phases } of told.incidents) for (const { proof } of phases) expect(proof.length).toBeGreaterThan(0)
  })

  it('proves an end only with connections that were closed as it came, not with those of a start in between', () => {
    for (const { losses } of told.incidents) {
      for (const { from, because } of losses) {
        const closed = because.filter(({ text }) => text.startsWith('its connections were closed at once'))
        for (const { at: when } of closed.flatMap(({ proof }) => proof)) {
          expect(seconds(when) - seconds(from)).toBeLessThanOrEqual(1)
        }
      }
    }
  })

  it('knows whose each log is', () => {
    for (const { file, node, myid, roles, version: found } of told.files) {
      const id = Number(/(\d)\.log\.gz$/.exec(file)?.[1])
      const isServer = file.includes('/zk')
      expect({ node, myid, roles }).toEqual({
        node: isServer ? null : id,
        myid: isServer ? id : null,
        roles: [isServer ? 'zookeeper' : kraft ? 'kraft' : 'broker'],
      })
      expect(found).toBe(isServer ? (version === '2.6.0' ? '3.5.8' : '3.8.4') : version)
    }
  })

  if (!kraft && failures.some(([, act, unit = '']) => act === 'kill' && !unit.startsWith('zk'))) {
    it('measures the failover of a killed broker', () => {
      told.incidents.forEach((incident, index) => {
        const [when = 0] = failures[index] ?? []
        // 18 s after the broker's last ping, which comes every 6 s, rounded up to ZooKeeper's tick of 3 s.
        const expired = at(incident, 'session expired') - when
        expect(expired).toBeGreaterThan(11)
        expect(expired).toBeLessThan(22)
        const elected = at(incident, 'leaders elected') - at(incident, 'session expired')
        expect(elected).toBeGreaterThan(-when)
        expect(Math.abs(elected)).toBeLessThan(1.5)
        expect(at(incident, 'back in ISR')).toBeGreaterThan(at(incident, 'started again'))
        expect(incident.order?.first).toBe('zookeeper')
      })
    })
  }
  if (!kraft && failures.some(([, act, unit = '']) => act === 'stop' && unit.startsWith('kafka'))) {
    it('sees that leaders move before the session is closed', () => {
      for (const incident of told.incidents) {
        expect(at(incident, 'leaders elected') - at(incident, 'asked to stop')).toBeLessThan(1)
        expect(at(incident, 'session closed')).toBeGreaterThan(at(incident, 'leaders elected'))
        expect(phase(incident, 'session expired')).toBeUndefined()
        expect(incident.order?.first).toBe('kafka')
      }
    })
  }
  if (!kraft && ['F', 'G', 'H'].includes(scenario)) {
    it('sees ZooKeeper fail over before Kafka', () => {
      expect(told.incidents[0]?.order?.first).toBe('zookeeper')
      expect(at(told.incidents[0], 'leaders elected')).toBeGreaterThan(at(told.incidents[0], 'noticed by ZooKeeper'))
    })
  }
  if (kraft && scenario === 'C') {
    it('measures fencing: 9 s after the last heartbeat, which comes every 2 s', () => {
      const [when = 0] = failures[0] ?? []
      expect(at(told.incidents[0], 'fenced') - when).toBeGreaterThan(6.5)
      expect(at(told.incidents[0], 'fenced') - when).toBeLessThan(11)
      expect(at(told.incidents[0], 'leaders elected') - at(told.incidents[0], 'fenced')).toBeLessThan(1)
    })
  }
  const [, second] = failures
  const quorumLostAt =
    scenario === 'I'
      ? failures[0]?.[0]
      : ['D', 'E'].includes(scenario) || (kraft && ['B', 'C'].includes(scenario))
        ? second?.[0]
        : undefined
  if (quorumLostAt !== undefined) {
    it('tells from when to when there was no quorum', () => {
      const lost = told.quorum.filter(({ kind }) => kind === 'lost')
      expect(lost).toHaveLength(1)
      const begun = seconds(lost[0]?.from ?? '') - quorumLostAt
      expect(begun).toBeGreaterThan(0)
      expect(begun).toBeLessThan(9)
      const returned = acts.find(([, act]) => act === 'start' || act === 'heal')?.[0] ?? 0
      expect(seconds(lost[0]?.until ?? '') - returned).toBeGreaterThan(0)
      expect(seconds(lost[0]?.until ?? '') - returned).toBeLessThan(5)
    })
  } else {
    it('tells of no lost quorum', () => {
      expect(told.quorum.filter(({ kind }) => kind === 'lost')).toEqual([])
    })
  }
  if (!kraft && ['B', 'C'].includes(scenario)) {
    it('tells that test-topic-2 had no leader until its last in-sync replica was back', () => {
      const longest = told.leaderless.find(({ from, until }) => seconds(until ?? '') - seconds(from) > 5)
      expect(longest?.partition).toBe('test-topic-2')
      const [stopped = 0] = second ?? []
      expect(seconds(longest?.from ?? '')).toBeGreaterThan(stopped)
      expect(seconds(longest?.until ?? '')).toBeGreaterThan(acts.find(([, act]) => act === 'start')?.[0] ?? Infinity)
    })
  }
})
