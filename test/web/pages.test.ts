import request from 'supertest'
import { describe, expect, it } from 'vitest'
import { createApp } from '../../src/web/app.ts'
import { unknownPartitions } from '../support/landing.ts'
import { CONTENT_TYPE, depsWith, FACTS } from './deps.ts'

describe('the pages', () => {
  const app = createApp(depsWith())

  it.each([
    ['/metrics', 200, CONTENT_TYPE, '# HELP a b\na 1\n'],
    ['/metrics?x=1', 200, CONTENT_TYPE, '# HELP a b\na 1\n'],
    ['/-/healthy', 200, 'text/plain; charset=utf-8', 'healthy\n'],
    ['/healthz', 200, 'text/plain; charset=utf-8', 'healthy\n'],
    ['/-/ready', 200, 'text/plain; charset=utf-8', 'ready\n'],
    ['/metrics/', 404, 'text/plain; charset=utf-8', 'not found\n'],
    ['/METRICS', 404, 'text/plain; charset=utf-8', 'not found\n'],
    ['//', 404, 'text/plain; charset=utf-8', 'not found\n'],
    ['/%', 400, 'text/plain; charset=utf-8', 'malformed URL\n'],
    ['/%ff', 400, 'text/plain; charset=utf-8', 'malformed URL\n'],
  ])('GET %s', async (path, status, type, text) => {
    const answer = await request(app).get(path)
    expect([answer.status, answer.headers['content-type'], answer.text]).toEqual([status, type, text])
    expect(answer.headers['x-powered-by']).toBeUndefined()
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
  })

  it.each(['/metrics', '/-/healthy', '/-/ready', '/'])('%s has no other methods than GET and HEAD', async (path) => {
    for (const method of ['post', 'put', 'delete', 'options', 'patch'] as const) {
      const answer = await request(app)[method](path)
      expect([answer.status, answer.headers['allow']], method).toEqual([405, 'GET, HEAD'])
    }
    const head = await request(app).head(path)
    expect([head.status, head.text]).toEqual([200, undefined])
  })

  it('/-/ready names what it waits for', async () => {
    const waiting = createApp(depsWith({ readiness: () => ({ ready: false, waitingFor: ['liveness', 'offsets'] }) }))
    const answer = await request(waiting).get('/-/ready')
    expect([answer.status, answer.text]).toEqual([503, 'not ready, waiting for: liveness, offsets\n'])
  })

  it('the metrics may be at /, where the landing page gives way', async () => {
    const answer = await request(createApp(depsWith({ telemetryPath: '/' }))).get('/')
    expect(answer.text).toBe('# HELP a b\na 1\n')
  })

  it('a page that fails says nothing of why, and the log does', async () => {
    const deps = depsWith({
      landing: () => {
        throw new Error('inner secret')
      },
    })
    const answer = await request(createApp(deps)).get('/')
    expect([answer.status, answer.text]).toEqual([500, 'internal error\n'])
    expect(deps.errors).toEqual(['a page failed: inner secret'])
  })
})

describe('the landing page', () => {
  const get = async (facts: Partial<typeof FACTS>) =>
    (await request(createApp(depsWith({ landing: () => ({ ...FACTS, ...facts }) }))).get('/')).text
  const rows = (html: string): Record<string, string> =>
    Object.fromEntries(
      [...html.matchAll(/<th scope="row">(.*?)<\/th><td>(.*?)<\/td>/g)].map(([, heading = '', cell = '']) => [
        heading,
        cell.replace(/<[^>]+>/g, ''),
      ]),
    )
  const status = (html: string) => /role="status">(.*?)<\/p>/.exec(html)?.[1]?.replace(/<[^>]+>/g, '')

  it('shows a healthy cluster', async () => {
    const html = await get({})
    expect(status(html)).toBe('Serving')
    expect(rows(html)).toEqual({
      Cluster: 'reachable',
      'Cluster id': 'abc',
      'Brokers up': '3 of 3',
      Partitions: '12',
      Unavailable: '0',
      Leaderless: '0',
      'Leader does not answer': '0',
      'Under-replicated': '0',
      'Under min ISR': '0',
      'acks=all writes wait': '0',
      'Broker failures survived': '1',
      '... with acks=all writes': '1',
      topology: 'last success 2.5 s ago',
    })
    expect(html).toContain('As of 2025-01-02T03:04:05.000Z')
    for (const link of ['/metrics', '/-/healthy', '/-/ready']) expect(html).toContain(`href="${link}"`)
  })

  it('shows the followed logs, whatever their lines say', async () => {
    const html = await get({
      logs: {
        total: 3,
        down: 1,
        files: [
          { path: '/<a>', failure: 'no "such" file', lagBytes: 0 },
          { path: '/b', failure: undefined, lagBytes: 70_000 },
        ],
        events: [
          { at: Date.UTC(2025, 0, 2), event: 'evil', severity: 'critical', text: '</script><script>alert(1)</script>' },
          { at: undefined, event: 'mild', severity: 'major', text: 'a & b' },
        ],
      },
    })
    expect(html).not.toContain('<script')
    expect(rows(html)).toMatchObject({
      'Files read': '2 of 3',
      '/&#60;a&#62;': 'no &#34;such&#34; file',
      '/b': '70000 bytes behind',
      '2025-01-02T00:00:00.000Z evil': 'critical: &#60;/script&#62;&#60;script&#62;alert(1)&#60;/script&#62;',
      mild: 'major: a &#38; b',
    })
    expect(await get({})).not.toContain('id="logs"')
    expect(await get({ logs: { total: 0, down: 0, files: [], events: [] } })).toContain('bad">none: no file matches<')
  })

  it('calls unknown what is not known, and nothing 0 that is not', async () => {
    const html = await get({
      cluster: { reachable: undefined },
      brokers: undefined,
      partitions: unknownPartitions,
      margin: undefined,
      sources: [{ name: 'topology', lastSuccess: undefined, up: false }],
    })
    const { topology, ...others } = rows(html)
    expect(new Set(Object.values(others))).toEqual(new Set(['unknown']))
    expect(topology).toBe('no success yet; the newest look failed')
    expect(status(html)).toBe('State unknown')
  })

  it.each([
    [{ available: true, serving: 3 }, '3 of 3 serving, 1 more may fail', 'Serving'],
    [{ available: true, serving: 2 }, '2 of 3 serving, 0 more may fail', 'Serving'],
    [{ available: true, serving: undefined }, 'available', 'Serving'],
    [{ available: undefined, serving: 0 }, 'unknown', 'Serving'],
    [{ available: false, serving: 1 }, 'lost (1 of 3 serving): nothing fails over', 'Quorum lost: nothing fails over'],
    [{ available: false, serving: undefined }, 'lost: nothing fails over', 'Quorum lost: nothing fails over'],
    [{ available: false, serving: 1, decides: false }, 'lost (1 of 3 serving): Kafka does without it', 'Serving'],
  ])('a quorum %j', async (state, row, headline) => {
    const html = await get({ quorums: [{ kind: 'kraft', voters: 3, majority: 2, decides: true, ...state }] })
    expect(rows(html)['KRaft quorum']).toBe(row)
    expect(status(html)).toBe(headline)
  })

  const broken = {
    total: 12,
    leaderless: 1,
    unreachableLeader: 2,
    unavailable: 3,
    underReplicated: 4,
    underMinIsr: 5,
    unreachableIsr: 6,
  }
  it.each([
    ['No broker answers', { cluster: { reachable: false }, partitions: broken }],
    ['3 partitions unavailable', { partitions: broken, brokers: { expected: 3, up: 2, down: [] } }],
    ['acks=all writes are refused: 5 partitions', { partitions: { ...broken, unavailable: 0 } }],
    ['acks=all writes wait: 6 partitions', { partitions: { ...broken, unavailable: 0, underMinIsr: 0 } }],
    [
      '1 of 3 brokers down',
      {
        brokers: { expected: 3, up: 2, down: [] },
        partitions: { ...broken, unavailable: 0, underMinIsr: 0, unreachableIsr: 0 },
      },
    ],
    ['1 partition under-replicated', { partitions: { ...FACTS.partitions, underReplicated: 1 } }],
    ['State unknown', { partitions: { ...FACTS.partitions, unavailable: undefined } }],
  ])('says the worst first: %s', async (text, facts) => {
    expect(status(await get(facts))).toBe(text)
  })

  it('names the brokers that are down, and escapes everything from outside', async () => {
    const evil = `<script>alert("x")</script>'&`
    const escaped = '&#60;script&#62;alert(&#34;x&#34;)&#60;/script&#62;&#39;&#38;'
    const html = await get({
      version: evil,
      cluster: { reachable: true, id: evil },
      brokers: { expected: 2, up: 1, down: [{ id: 7, address: evil, reason: evil }] },
      sources: [{ name: evil, lastSuccess: undefined }],
    })
    expect(html).not.toContain('<script')
    expect(rows(html)).toMatchObject({
      'Cluster id': escaped,
      [`Broker 7 (${escaped})`]: `down: ${escaped}`,
      [escaped]: 'no success yet',
    })
  })

  it('allows itself its own style and nothing else', async () => {
    const answer = await request(createApp(depsWith())).get('/')
    expect(answer.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    )
    expect(answer.text).not.toMatch(/(?:src|style)=|https?:/)
  })
})
