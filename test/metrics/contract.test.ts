import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/metrics/catalogue.ts'
import type { Family } from '../../src/metrics/family.ts'
import { parseExposition } from '../../testbed/drills/exposition.ts'
import { contract } from '../support/contract.ts'
import { catalogueOptions, page } from '../support/page.ts'
import { scenes } from '../support/scenes.ts'

const families = catalogue(catalogueOptions)
const line = ({ name, type, labels }: Pick<Family, 'name' | 'type' | 'labels'>): string =>
  [name, type, ...labels].join(' ')

describe('the catalogue', () => {
  it('is the contract: nothing missing, nothing more, no family twice', () => {
    expect(families.map(line).sort()).toEqual([...contract].sort())
  })

  it.each(families.map((family) => [family.name, family] as const))(
    '%s: name and labels are Prometheus names',
    (name, family) => {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/)
      expect(name.endsWith('_total')).toBe(family.type === 'counter')
      for (const label of family.labels) expect(label).toMatch(/^[a-z][a-z0-9_]*$/)
      expect(new Set(family.labels).size).toBe(family.labels.length)
    },
  )

  it.each(families.map(({ name, help }) => [name, help]))(
    '%s says what it is and how several exporters combine',
    (_, help) => {
      expect(help.length).toBeGreaterThan(20)
      expect(help).toMatch(/over several exporters: (max|min|sum)\.|never aggregate/i)
    },
  )
})

/** What metrics.md calls exceptions of its rule 1: once the process runs, they are there, whatever is broken. */
const always = [
  'kafka_ha_cluster_reachable',
  'kafka_ha_controller_up',
  'kafka_ha_source_up',
  'kafka_ha_source_last_success_timestamp_seconds',
  'kafka_ha_source_max_age_seconds',
  'kafka_ha_leader_changes_total',
  'kafka_ha_isr_shrinks_total',
  'kafka_ha_isr_expands_total',
  'kafka_ha_controller_changes_total',
  'kafka_ha_requests_total',
  'kafka_ha_series_omitted',
  'kafka_ha_exporter_build_info',
]
const sinceTheFirstTopology = [
  'kafka_ha_broker_up',
  'kafka_ha_broker_expected',
  'kafka_ha_unreachable_leader_partitions',
  'kafka_ha_unavailable_partitions',
  'kafka_ha_unreachable_isr_partitions',
]

describe.each(Object.entries(scenes))('the page of %s', (name, scene) => {
  const { types, series } = parseExposition(page(scene().state))

  it('has the labels that the contract names, in every series', () => {
    const shown = [...series.values()].map(({ name, labels }) => {
      return line({ name, type: types.get(name) === 'counter' ? 'counter' : 'gauge', labels: Object.keys(labels) })
    })
    expect([...new Set(shown)].filter((each) => !contract.includes(each))).toEqual([])
  })

  it('has what is always there', () => {
    const expected = name === 'before-anything' ? always : [...always, ...sinceTheFirstTopology]
    expect(expected.filter((family) => !types.has(family))).toEqual([])
  })

  it('has no NaN and nothing infinite', () => {
    expect([...series].filter(([, { value }]) => !Number.isFinite(value))).toEqual([])
  })
})
