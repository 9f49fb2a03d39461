import type { Failure, Result } from '../../src/model/result.ts'

/** The value of a result that has to be one. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.reason}: ${result.failure.detail}`)
  return result.value
}

/** The failure of a result that has to be one. */
export function failureOf(result: Result<unknown>): Failure {
  if (result.ok) throw new Error('succeeded')
  return result.failure
}
