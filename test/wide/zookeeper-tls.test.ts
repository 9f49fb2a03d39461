import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseExposition } from '../../testbed/drills/exposition.ts'
import { startEnsemble, type Ensemble } from '../../testbed/ensemble.ts'
import { eventually, startExporter, type ExporterProcess } from '../support/exporter-process.ts'
import { makeTlsMaterial, type TlsMaterial } from '../web/tls-material.ts'

const observer = 4
const allOf = [1, 2, 3, observer]

/** Three voters and an observer that want TLS, and a certificate, of whoever talks to them; the exporter as users run it. */
describe('a real ensemble behind TLS', () => {
  let tls: TlsMaterial
  let ensemble: Ensemble
  let flags: readonly string[]
  const exporters: ExporterProcess[] = []

  beforeAll(async () => {
    tls = makeTlsMaterial()
    const { cert, key } = tls.issue('zookeeper')
    const keyStore = join(tls.directory, 'zookeeper-keystore.pem')
    writeFileSync(keyStore, readFileSync(key, 'utf8') + readFileSync(cert, 'utf8'))
    ensemble = await startEnsemble({
      kafka: '3.9.1',
      servers: allOf.length,
      configOf: ({ id, kafkaPort }, nodes) => ({
        ...Object.fromEntries(
          nodes
            .filter((node) => node.id === observer)
            .map((node) => [`server.${node.id}`, `${node.host}:${node.peerPort}:${node.electionPort}:observer`]),
        ),
        ...(id === observer ? { peerType: 'observer' } : {}),
        secureClientPort: `${kafkaPort}`,
        secureClientPortAddress: '127.0.0.1',
        serverCnxnFactory: 'org.apache.zookeeper.server.NettyServerCnxnFactory',
        'ssl.keyStore.location': keyStore,
        'ssl.trustStore.location': tls.ca,
      }),
    })
    const client = tls.issue('exporter')
    flags = [
      '--kafka.server=127.0.0.1:1',
      ...ensemble.nodes.map(({ host, kafkaPort }) => `--zookeeper.server=${host}:${kafkaPort}`),
      '--zookeeper.tls.enabled',
      `--zookeeper.tls.cert-file=${client.cert}`,
      `--zookeeper.tls.key-file=${client.key}`,
    ]
  })
  afterAll(async () => {
    await Promise.all(exporters.map((one) => one.stop()))
    await ensemble.destroy()
    tls.remove()
  })

  async function started(...more: readonly string[]): Promise<ExporterProcess> {
    const exporter = await startExporter([...flags, ...more])
    exporters.push(exporter)
    return exporter
  }

  it('with another authority is one clear error of each server', async () => {
    const exporter = await started(`--zookeeper.tls.ca-file=${tls.otherCa}`)
    const told = await shown(exporter, ({ states, hung, failures }) => {
      return states.size === allOf.length && hung === 0 && ofTls(failures).length === allOf.length
    })
    expect(ofTls(told.failures)).toEqual(allOf.map((id) => `${addressOf(id)} tls`).sort())
    expect(new Set(told.states.values())).toEqual(new Set(['unreachable']))
    // Who cannot be asked is neither there nor missing.
    expect(told).toMatchObject({ serving: undefined, available: undefined })
    const lines = await eventually(() => {
      const all = exporter
        .log()
        .split('\n')
        .filter((line) => /ZooKeeper server does not answer.* reason=tls/.test(line))
      return all.length >= allOf.length ? all : undefined
    })
    expect(lines).toHaveLength(allOf.length)
    for (const line of lines) expect(line).toMatch(/detail=.*certificate/)
  })

  it('is asked with words and through a session, and its observer is no voter', async () => {
    const exporter = await started(`--zookeeper.tls.ca-file=${tls.ca}`)
    const told = await shown(exporter, (page) => {
      return page.serving === 3 && page.states.size === 4 && page.hung === 0 && page.sessions > 0
    })
    expect([...told.states.values()].sort()).toEqual(['follower', 'follower', 'leader', 'observer'])
    expect(told).toMatchObject({ configured: 3, available: 1, margin: 1 })
    expect(ofTls(told.failures)).toEqual([])

    const voter = [1, 2, 3].find((id) => told.states.get(addressOf(id)) === 'follower')
    await ensemble.processes.get(voter ?? 0)?.kill()
    const without = await shown(exporter, ({ serving }) => serving === 2)
    expect(without).toMatchObject({ configured: 3, available: 1, margin: 0 })
    expect(without.states.get(addressOf(voter ?? 0))).toBe('unreachable')
    expect(without.states.get(addressOf(observer))).toBe('observer')

    const other = [1, 2, 3].find((id) => id !== voter)
    await ensemble.processes.get(other ?? 0)?.kill()
    // One voter and the observer are left: two servers of four, and no quorum.
    const lost = await shown(exporter, ({ available, serving, states }) => {
      return available === 0 && serving === 0 && states.get(addressOf(observer)) === 'not_serving'
    })
    expect(lost).toMatchObject({ configured: 3, margin: -2 })
  })

  function addressOf(id: number): string {
    const node = ensemble.nodes.find((each) => each.id === id)
    return `${node?.host}:${node?.kafkaPort}`
  }
})

interface Page {
  readonly configured: number | undefined
  readonly serving: number | undefined
  readonly margin: number | undefined
  readonly available: number | undefined
  readonly states: ReadonlyMap<string, string>
  /** Servers that are silent: the first handshakes of a JVM take their time. */
  readonly hung: number
  /** On all servers. */
  readonly sessions: number
  /** `host:port reason` of the sources that ask the ensemble. */
  readonly failures: ReadonlySet<string>
}

/** The page once it is as wanted. */
async function shown(exporter: ExporterProcess, holds: (page: Page) => boolean): Promise<Page> {
  let last: Page | undefined
  const found = eventually(async () => {
    last = read(await exporter.metrics())
    return holds(last) ? last : undefined
  }, 30_000)
  return found.catch((error: unknown) => {
    throw new Error(`${String(error)}; last: ${JSON.stringify({ ...last, states: [...(last?.states ?? [])], failures: [...(last?.failures ?? [])] })}`) // prettier-ignore
  })
}

function read(text: string): Page {
  const series = [...parseExposition(text).series.values()]
  const quorum = (name: string): number | undefined =>
    series.find((one) => one.name === `kafka_ha_quorum_${name}` && one.labels['kind'] === 'zookeeper')?.value
  const states = series.filter(({ name, value }) => name === 'kafka_ha_zookeeper_server_state' && value === 1)
  const failures = series.filter(
    ({ name, labels, value }) => name === 'kafka_ha_source_errors_total' && value > 0 && isOfEnsemble(labels),
  )
  return {
    configured: quorum('configured_voters'),
    serving: quorum('serving_voters'),
    margin: quorum('failure_margin'),
    available: quorum('available'),
    hung: states.filter(({ labels }) => labels['state'] === 'hung').length,
    states: new Map(states.map(({ labels }) => [labels['server'] ?? '', labels['state'] ?? ''])),
    sessions: series.filter(({ name }) => name === 'kafka_ha_zookeeper_sessions').reduce((sum, { value }) => sum + value, 0), // prettier-ignore
    failures: new Set(failures.map(({ labels }) => `${labels['target']} ${labels['reason']}`)),
  }
}

function ofTls(failures: Page['failures']): readonly string[] {
  return [...failures].filter((failure) => failure.endsWith(' tls')).sort()
}

function isOfEnsemble({ source, target = '' }: Readonly<Record<string, string>>): boolean {
  return target !== '' && (source === 'zookeeper' || source === 'znodes' || source === 'sessions')
}
