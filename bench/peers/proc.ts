import { readFileSync } from 'node:fs'

/** What a process has used up to now. */
export interface Use {
  readonly cpuSeconds: number
  readonly rssBytes: number
  /** The most it ever had resident. */
  readonly peakBytes: number
}

/** The unit of /proc/PID/stat on every Linux that Node runs on. */
const ticksPerSecond = 100

/** User and system time of a process with all its threads, ended ones included; undefined for a text of another shape. */
export function parseCpuSeconds(stat: string): number | undefined {
  // The name stands in parentheses and may hold blanks and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return Number.isFinite(ticks) ? ticks / ticksPerSecond : undefined
}

/** `VmRSS` and the like of /proc/PID/status, in bytes. */
export function parseMemory(status: string, key: 'VmRSS' | 'VmHWM'): number | undefined {
  const kilobytes = new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024
}

/** Throws when the process has gone. */
export function useOf(pid: number): Use {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return {
    cpuSeconds: known(parseCpuSeconds(readFileSync(`/proc/${pid}/stat`, 'utf8')), pid),
    rssBytes: known(parseMemory(status, 'VmRSS'), pid),
    peakBytes: known(parseMemory(status, 'VmHWM'), pid),
  }
}

function known(value: number | undefined, pid: number): number {
  if (value === undefined) throw new Error(`process ${pid} has ended, or /proc is of another kind`)
  return value
}
