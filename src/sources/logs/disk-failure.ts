import { failed, type Failure, type FailureReason } from '../../model/result.ts'

const reasons: Readonly<Record<string, FailureReason>> = {
  EACCES: 'auth',
  EPERM: 'auth',
  ENOENT: 'refused',
  ENOTDIR: 'refused',
  ELOOP: 'refused',
  ETIMEDOUT: 'timeout',
}

/** What a file system's error is in the words that every target's failure has. */
export function diskFailure(error: unknown): Failure {
  const detail = error instanceof Error ? error.message : String(error)
  return failed(reasons[errorCode(error) ?? ''] ?? 'closed', detail).failure
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** The name leads nowhere (yet): the directory may come later, too. */
export function isAbsent(error: unknown): boolean {
  const code = errorCode(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
}

export function isForbidden(error: unknown): boolean {
  const code = errorCode(error)
  return code === 'EACCES' || code === 'EPERM'
}
