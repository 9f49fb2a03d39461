import { describe, expect, it } from 'vitest'
import { parseExposition } from '../../testbed/drills/exposition.ts'
import { Metrics, unmetClaims } from '../../testbed/drills/metrics.ts'

const metrics = new Metrics(
  parseExposition('# TYPE up gauge\nup{broker="1"} 0\nup{broker="2"} 1\n# TYPE n gauge\nn 3\n'),
)

describe('unmetClaims', () => {
  it('is empty when every claim holds', () => {
    const claims = { 'up{broker="1"}': 0, n: '> 0', gone: 'absent', 'up{broker="2"}': 'present' } as const
    expect(unmetClaims(metrics, claims)).toEqual([])
  })

  it('names what is wrong, missing, ambiguous or too many', () => {
    const claims = { 'up{broker="1"}': 1, gone: 0, up: 1, n: 'absent' } as const
    expect(unmetClaims(metrics, claims)).toEqual([
      'up{broker="1"} is 0, expected 1',
      'gone has 0 series, expected 0',
      'up has 2 series, expected 1',
      'n is 3, expected absent',
    ])
  })

  it('puts in the broker that a drill has found', () => {
    expect(unmetClaims(metrics, { 'up{broker="$controller"}': 1 }, new Map([['controller', 2]]))).toEqual([])
  })

  it('throws on a claim that is none, instead of passing it', () => {
    expect(() => unmetClaims(metrics, { 'up{broker=1}': 1 })).toThrow('malformed label')
  })
})
