import { endOfTime } from './log-time.ts'

export interface ContainerPart {
  readonly textAt: number
  /** The runtime has split the line: more of it follows. */
  readonly isPartial: boolean
}

/** `2024-02-23T07:47:50.149123456Z stdout F text`, as the container runtimes of Kubernetes write; undefined: it is no such line. */
export function readContainerPart(text: string, start: number, end: number): ContainerPart | undefined {
  if (text.charCodeAt(start + 10) !== 84) return undefined
  const time = endOfTime(text, start)
  if (time < 0 || !(text.startsWith(' stdout ', time) || text.startsWith(' stderr ', time))) return undefined
  const tag = time + 8
  const after = text.indexOf(' ', tag)
  if (after < 0 || after >= end || after > tag + 16) return undefined
  return { textAt: after + 1, isPartial: text.charCodeAt(tag) === 80 }
}
