import { join } from 'node:path'
import { isMissing, run } from './run.ts'

export const OLDEST_JAVA = 11

export function javaCommand(): string {
  const home = process.env['JAVA_HOME']
  return home === undefined || home === '' ? 'java' : join(home, 'bin', 'java')
}

/** The major version, undefined when there is no Java. */
export async function javaVersion(): Promise<number | undefined> {
  try {
    const { stdout, stderr } = await run(javaCommand(), ['-version'], { deadlineMs: 20_000 })
    return parseJavaVersion(stdout + stderr)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** `version "17.0.15"` is 17, `version "1.8.0_412"` is 8. */
export function parseJavaVersion(text: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(text)
  return match === null ? undefined : Number(match[1])
}
