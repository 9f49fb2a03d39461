import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/metrics/catalogue.ts'
import { columnGauge, labelText, type Family } from '../../src/metrics/family.ts'
import { LabelColumn } from '../../src/metrics/label-column.ts'
import { render } from '../../src/metrics/render.ts'
import { TopicLabels } from '../../src/metrics/topic-labels.ts'
import { layoutOf, liveness, offsets, topology, up, type Said } from '../support/facts.ts'
import { catalogueOptions, page, series } from '../support/page.ts'
import { scenes } from '../support/scenes.ts'
import { TestStore } from '../support/state.ts'

const { state } = new TestStore()
const about = '# HELP x help\n# TYPE x gauge\n'

function family(texts: readonly (string | undefined)[], values: readonly number[]): Family {
  const labels = new LabelColumn(texts.length, (row) => texts[row])
  return columnGauge('x', 'help', ['n'], () => ({ labels, value: (row) => values[row] ?? Number.NaN }))
}

function text(families: readonly Family[], constant = ''): string {
  return Buffer.concat([...render(families, state, constant)]).toString()
}

/** The same family for a renderer that knows no columns. */
const plain = (family: Family): Family => {
  const { name, help, type, labels } = family
  return { name, help, type, labels, rows: (state) => family.rows(state) }
}

const led = (count: number, leader = 1): Said[] => Array.from({ length: count }, () => ({ leader, replicas: [1, 2] }))
const ofPartition = { wantsTopic: (topic: string) => topic !== 'hidden' }

function cluster(topics: Record<string, Said[]>): TestStore {
  const said = topology({ topics })
  const store = new TestStore().brings('topology', said).brings('liveness', liveness({ 1: up(), 2: up(), 3: up() }))
  return store.brings('offsets', offsets(said, store.now.mono))
}

describe('columns', () => {
  it.each(Object.entries(scenes))('are the same text as rows, in %s', (_, scene) => {
    for (const constant of ['', labelText({ env: 'ä"b' })]) {
      const families = catalogue({ ...catalogueOptions, ...ofPartition })
      const byRows = Buffer.concat([...render(families.map(plain), scene().state, constant)])
      expect(Buffer.concat([...render(families, scene().state, constant)]).equals(byRows)).toBe(true)
    }
  })

  it('are the same text as rows over many chunks and label blocks, with topics left out and rows absent', () => {
    const store = cluster({ a: led(3_000), hidden: led(2_500), 'ö"z': led(1_200), z: led(2_100, -1), zz: led(50) })
    const families = catalogue({ ...catalogueOptions, ...ofPartition })
    const byRows = Buffer.concat([...render(families.map(plain), store.state)])
    const chunks = [...render(families, store.state)]
    expect(chunks.length).toBeGreaterThan(10)
    expect(Buffer.concat(chunks).equals(byRows)).toBe(true)
  })

  it.each([
    0,
    -0,
    1,
    -1,
    9,
    10,
    999_999_999,
    1_000_000_000,
    -1_000_000_000,
    1_000_000_001,
    2 ** 31,
    2 ** 32 + 7,
    90_071_992_547_409,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
    2 ** 53,
    2 ** 63,
    1e21,
    -1.7976931348623157e308,
    5e-324,
    0.1,
    -1234.5678,
    Infinity,
  ])('write %d as JavaScript does', (value) => {
    expect(text([family(['n="1"'], [value])])).toBe(`${about}x{n="1"} ${value}\n`)
  })

  it('write every count of digits', () => {
    const values = Array.from({ length: 16 }, (_, i) => [10 ** i - 1, 10 ** i, 10 ** i + 1]).flat()
    const labels = values.map((_, i) => `n="${i}"`)
    expect(text([family(labels, values)])).toBe(about + values.map((value, i) => `x{n="${i}"} ${value}\n`).join(''))
  })

  it('have no series where the value is NaN or the label text is not wanted, and no family without series', () => {
    expect(text([family(['n="1"', undefined, 'n="3"'], [Number.NaN, 2, 3])])).toBe(`${about}x{n="3"} 3\n`)
    expect(text([family(['n="1"', undefined], [Number.NaN, 2])])).toBe('')
    expect(text([family([], [])])).toBe('')
    expect(text([columnGauge('x', 'help', ['n'], () => undefined)])).toBe('')
  })

  it('have constant labels first, in any script', () => {
    const wide = [family(['n="ä€😀"'], [1])]
    expect(text(wide, labelText({ env: '試"\\' }))).toBe(`${about}x{env="試\\"\\\\",n="ä€😀"} 1\n`)
  })

  it('of lines longer than a chunk still come, each alone', () => {
    const long = Array.from({ length: 3 }, (_, i) => `n="${'ä'.repeat(100_000)}${i}"`)
    const chunks = [...render([family(long, [1, 2, 3])], state)]
    expect(Buffer.concat(chunks).toString()).toBe(about + long.map((labels, i) => `x{${labels}} ${i + 1}\n`).join(''))
    expect(chunks).toHaveLength(3)
  })

  it('fill chunks to the last byte without losing a line', () => {
    // Lengths that are no divisors of a chunk put its end at every place within a line.
    for (const width of [1, 2, 3, 5, 7, 11, 130]) {
      const labels = Array.from({ length: 6_000 }, (_, i) => `n="${String(i).padStart(width, '-')}"`)
      const values = labels.map((_, i) => i ** 3)
      const expected = about + labels.map((pairs, i) => `x{${pairs}} ${i ** 3}\n`).join('')
      expect(text([family(labels, values)])).toBe(expected)
    }
  })
})

describe('label text', () => {
  it('is built once for a layout, and only as far as it is read', () => {
    let asked = 0
    const labels = new TopicLabels(() => ++asked > 0)
    const layout = layoutOf({ a: led(2_000), b: led(2_000) })
    const { partitions } = labels.of(layout)
    partitions.block(0)
    expect(asked).toBe(1)
    const last = partitions.block(3_999)
    expect([asked, last.end, partitions.block(3_999) === last]).toEqual([2, 4_000, true])
    expect(labels.of(layout).partitions).toBe(partitions)
    expect(labels.of({ ...layout }).partitions).not.toBe(partitions)
  })

  it('follows the topics: one that comes before the others moves every row', () => {
    const shown = ({ state }: TestStore) => Object.keys(series(page(state), 'kafka_topic_partition_leader') ?? {})
    const store = cluster({ m: led(2) })
    expect(shown(store)).toEqual(['topic=m,partition=0', 'topic=m,partition=1'])
    store.brings('topology', topology({ topics: { a: led(1), m: led(2) } }))
    expect(shown(store)).toEqual(['topic=a,partition=0', 'topic=m,partition=0', 'topic=m,partition=1'])
  })
})

describe('offsets of topics that come and go between the two looks', () => {
  it('are mapped anew for each pair of layouts', () => {
    const store = cluster({ m: led(2) })
    const ends = () => Object.values(series(page(store.state), 'kafka_topic_partition_current_offset') ?? {})
    expect(ends()).toEqual([100, 101])
    store.brings('topology', topology({ topics: { a: led(1), m: led(2) } }))
    expect([ends(), ends()]).toEqual([
      [100, 101],
      [100, 101],
    ])
    store.brings('topology', topology({ topics: { m: led(1), n: led(1) } }))
    expect(ends()).toEqual([100])
  })
})
