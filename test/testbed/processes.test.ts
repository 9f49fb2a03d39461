import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { clearLeftovers } from '../../testbed/ledger.ts'
import { identify, isStillRunning } from '../../testbed/process-identity.ts'
import { run } from '../../testbed/run.ts'
import { Hopeless, waitUntil, withDeadline } from '../../testbed/wait.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'processes-test-'))
})

afterEach(() => rmSync(root, { recursive: true }))

describe('run', () => {
  test('gives code and both streams', async () => {
    const script = 'process.stdout.write("a"); process.stderr.write("b"); process.exitCode = 3'
    expect(await run(process.execPath, ['-e', script], { deadlineMs: 10_000 })).toEqual({
      code: 3,
      stdout: 'a',
      stderr: 'b',
    })
  })

  test('kills what is not done by the deadline, and says what it was', async () => {
    await expect(run(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { deadlineMs: 50 })).rejects.toThrow(
      /setInterval.*not done after 0\.05 s/,
    )
  })

  test('rejects for a program that is not there', async () => {
    await expect(run(join(root, 'nothing'), [], { deadlineMs: 1_000 })).rejects.toThrow('ENOENT')
  })
})

describe('waitUntil', () => {
  test('asks again after false and after an error', async () => {
    const answers = [() => false, () => Promise.reject(new Error('refused')), () => true]
    await expect(waitUntil('x', () => answers.shift()?.() ?? false, 5_000, 1)).resolves.toBeUndefined()
  })

  test('names what was waited for and the last error', async () => {
    await expect(waitUntil('zk1 to serve', () => Promise.reject(new Error('refused')), 10, 1)).rejects.toThrow(
      'zk1 to serve: not within 0.01 s: refused',
    )
  })

  test('ends at once when it is hopeless', async () => {
    const question = (): never => {
      throw new Hopeless('ended')
    }
    await expect(waitUntil('x', question, 60_000)).rejects.toThrow('ended')
  })
})

test('withDeadline', async () => {
  await expect(withDeadline('x', Promise.resolve(1), 1_000)).resolves.toBe(1)
  await expect(withDeadline('x', new Promise(() => undefined), 10)).rejects.toThrow('x: not done after 0.01 s')
})

describe.skipIf(!existsSync('/proc/self/stat'))('leftovers', () => {
  const DEAD = { pid: 999_999_999, startTime: '1' }

  function leftover(owner: unknown, processes: unknown[]): string {
    const directory = join(root, `kafka-ha-testbed-1-${Math.random()}`)
    mkdirSync(directory)
    writeFileSync(join(directory, 'owner.json'), JSON.stringify(owner))
    writeFileSync(join(directory, 'processes.jsonl'), processes.map((one) => `${JSON.stringify(one)}\n`).join(''))
    return directory
  }

  test('a dead owner’s process is ended and its directory removed', () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' })
    const identity = identify(child.pid ?? 0)
    const directory = leftover(DEAD, [identity])
    expect(clearLeftovers(root)).toEqual([directory])
    expect(isStillRunning(identity)).toBe(false)
    expect(existsSync(directory)).toBe(false)
  })

  test('a pid that belongs to somebody else by now is left alone', () => {
    const { pid } = process
    leftover(DEAD, [{ pid, startTime: '1' }])
    expect(clearLeftovers(root)).toHaveLength(1)
    expect(isStillRunning(identify(pid))).toBe(true)
  })

  test('a half written last line is passed over', () => {
    const directory = leftover(DEAD, [])
    writeFileSync(join(directory, 'processes.jsonl'), '{"pid":99')
    expect(clearLeftovers(root)).toEqual([directory])
  })

  test('what has a living owner, or none, stays', () => {
    const owned = leftover(identify(process.pid), [])
    const kept = leftover(DEAD, [])
    rmSync(join(kept, 'owner.json'))
    expect(clearLeftovers(root)).toEqual([])
    expect([existsSync(owned), existsSync(kept)]).toEqual([true, true])
    expect(readFileSync(join(owned, 'owner.json'), 'utf8')).toContain(`${process.pid}`)
  })
})
