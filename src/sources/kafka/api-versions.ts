import { failed, success, type Result } from '../../model/result.ts'
import type { ApiVersions, Call } from './api.ts'
import { Reader } from './reader.ts'

/** ApiVersions v0: every broker since 0.10 takes it, and its reply is read without knowing anything else. */
export const apiVersionsCall: Call<ApiVersions> = {
  api: 'ApiVersions',
  version: 0,
  flexible: false,
  body: Buffer.alloc(0),
  decode: decodeApiVersions,
}

function decodeApiVersions(reply: Buffer): Result<ApiVersions> {
  const reader = new Reader(reply)
  const error = reader.int16()
  const versions = new Map<number, { min: number; max: number }>()
  const count = reader.count(false, 6)
  for (let i = 0; i < count && reader.ok(); i++) {
    versions.set(reader.int16(), { min: reader.int16(), max: reader.int16() })
  }
  if (reader.failure !== undefined) return failed('protocol', `ApiVersions reply: ${reader.failure}`)
  if (error !== 0) return failed('protocol', `ApiVersions refused with error ${error}`)
  return success(versions)
}
