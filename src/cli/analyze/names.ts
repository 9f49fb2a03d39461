import { dirname } from 'node:path'
import type { Incident, Proof, Timeline } from './report-types.ts'

/** For people: the directory that all files have in common is told once and left out of their names. */
export interface ShortNames {
  /** With its closing slash; empty where there is none. */
  readonly directory: string
  of(file: string): string
  in(text: string): string
  /** An incident with short names in all that it tells. */
  incident(incident: Incident): Incident
}

export function shortNames({ files }: Pick<Timeline, 'files'>): ShortNames {
  const directory = commonDirectory(files.map(({ file }) => file))
  const of = (file: string): string => (file.startsWith(directory) ? file.slice(directory.length) : file)
  // Not within another path: of `/data/kafka-logs/t-0` nothing is `logs/`.
  const isPart = (text: string, at: number): boolean => at > 0 && /[^\s'"([,:=]/.test(text.charAt(at - 1))
  const inText = (text: string): string =>
    directory === '' ? text : text.replaceAll(directory, (found, at: number) => (isPart(text, at) ? found : ''))
  const lines = (proof: readonly Proof[]): Proof[] =>
    proof.map(({ file, line, at, text }) => ({ file: of(file), line, at, text }))
  return {
    directory,
    of,
    in: inText,
    incident: (incident) => ({
      ...incident,
      losses: incident.losses.map((loss) => ({
        ...loss,
        because: loss.because.map(({ text, proof }) => ({ text, proof: lines(proof) })),
      })),
      phases: incident.phases.map((phase) => ({ ...phase, text: inText(phase.text), proof: lines(phase.proof) })),
    }),
  }
}

/** With its closing slash; empty where there is none. */
function commonDirectory(paths: readonly string[]): string {
  const [first] = paths
  if (first === undefined) return ''
  for (let directory = dirname(first); directory !== '.' && directory !== '/'; directory = dirname(directory)) {
    if (paths.every((path) => path.startsWith(`${directory}/`))) return `${directory}/`
  }
  return ''
}
