import { describe, expect, it } from 'vitest'
import { metadataVersionName } from '../../src/model/metadata-version.ts'

describe('metadata.version', () => {
  it.each([
    [1, '3.0-IV1'],
    [2, '3.1-IV0'],
    [7, '3.3-IV3'],
    [8, '3.4-IV0'],
    [19, '3.7-IV4'],
    [21, '3.9-IV0'],
    [25, '4.0-IV3'],
    [27, '4.1-IV1'],
    [99, '99'],
    [0, '0'],
    [-1, '-1'],
  ])('level %i is %s', (level, name) => {
    expect(metadataVersionName(level)).toBe(name)
  })
})
