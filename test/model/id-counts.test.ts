import { describe, expect, it } from 'vitest'
import { countIds } from '../../src/model/id-counts.ts'

describe('countIds', () => {
  it('counts small, large and negative ids alike', () => {
    const counts = countIds(Int32Array.of(3, 1, 3, -1, 4_095, 4_096, 2_147_483_647, 4_096, -1))
    expect([...counts]).toEqual([[1, 1], [3, 2], [4_095, 1], [-1, 2], [4_096, 2], [2_147_483_647, 1]]) // prettier-ignore
    expect(countIds(new Int32Array(0)).size).toBe(0)
  })
})
