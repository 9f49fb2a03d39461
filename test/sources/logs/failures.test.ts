import { expect, it } from 'vitest'
import { Failures } from '../../../src/sources/logs/failures.ts'
import { logFile } from '../../support/logs.ts'

const down = (path: string) => ({ ...logFile(path), up: false })

it('says why a file cannot be read, however many were not read that are gone', () => {
  const failures = new Failures()
  for (let n = 0; n < 1_000; n++) failures.add(`/gone/${n}`, { reason: 'auth', detail: 'denied' })
  expect(failures.explain([down('/server.log')])).toEqual([down('/server.log')])
  failures.add('/server.log', { reason: 'closed', detail: 'an input/output error' })
  expect(failures.explain([down('/server.log')])[0]?.failure).toBe('an input/output error')
  expect(failures.explain([logFile('/server.log')])).toEqual([logFile('/server.log')])
  expect(failures.explain([down('/server.log')])[0]?.failure).toBeUndefined()
})
