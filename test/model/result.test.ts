import { describe, expect, it } from 'vitest'
import { failed } from '../../src/model/result.ts'

describe('a failure', () => {
  it('keeps what a broker says short', () => {
    expect(failed('auth', 'no').failure.detail).toBe('no')
    expect(failed('auth', 'x'.repeat(32_767)).failure.detail).toBe(`${'x'.repeat(300)}...`)
  })
})
