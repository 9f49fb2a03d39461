import { describe, expect, it } from 'vitest'
import { unknownNames } from './names.ts'
import { askedBy, withoutVariables } from './promql.ts'

describe('what a query names', () => {
  it('is found wherever it stands', () => {
    const { metrics, grouping } = askedBy(
      'max by (job) (rate(a_total{x="1"}[5m])) > 0 unless on (job) group_left (z) sum without (y) (b) or absent(c{q!~"u"})',
    )
    expect([...metrics]).toEqual([
      ['a_total', new Set(['x'])],
      ['b', new Set()],
      ['c', new Set(['q'])],
    ])
    expect([...grouping]).toEqual(['job', 'z', 'y'])
  })

  it.each(['max by (', 'up{job=}', 'rate(x[)', 'a b', '{job="a"}'])('is not asked for in %s', (expression) => {
    expect(() => askedBy(expression)).toThrow(expression)
  })

  it('is compared with the contract', () => {
    expect(unknownNames('max by (broker) (kafka_ha_broker_up{job="x"})')).toEqual([])
    expect(unknownNames('kafka_ha_broker_upp')).toEqual(['no metric kafka_ha_broker_upp'])
    expect(unknownNames('kafka_ha_broker_up{id="1"}')).toEqual(['kafka_ha_broker_up has no label id'])
    expect(unknownNames('max by (topic) (kafka_ha_broker_up)')).toEqual(['nothing here has a label topic'])
  })

  it('is read with variables of Grafana in it', () => {
    const expression = withoutVariables('rate(up{job=~"$job",instance=~"${instance}"}[$__rate_interval])')
    expect(expression).toBe('rate(up{job=~"x",instance=~"x"}[5m])')
  })
})
