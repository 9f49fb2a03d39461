import { dirname } from 'node:path'
import type { Proof, Timeline } from './report-types.ts'

/** For people: the directory that all files have in common is told once and left out of their names. */
export function shortNames(timeline: Timeline): { readonly timeline: Timeline; readonly directory: string } {
  const paths = timeline.files.map(({ file }) => file)
  const directory = commonDirectory(paths)
  if (directory === '') return { timeline, directory }
  const short = (file: string): string => (file.startsWith(directory) ? file.slice(directory.length) : file)
  const lines = (proof: readonly Proof[]): Proof[] => proof.map((line) => ({ ...line, file: short(line.file) }))
  return {
    directory,
    timeline: {
      ...timeline,
      files: timeline.files.map((file) => ({ ...file, file: short(file.file) })),
      incidents: timeline.incidents.map((incident) => ({
        ...incident,
        losses: incident.losses.map((loss) => ({
          ...loss,
          because: loss.because.map(({ text, proof }) => ({ text, proof: lines(proof) })),
        })),
        phases: incident.phases.map((phase) => ({
          ...phase,
          text: phase.text.replaceAll(directory, ''),
          proof: lines(phase.proof),
        })),
      })),
      notes: timeline.notes.map((note) => note.replaceAll(directory, '')),
    },
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
