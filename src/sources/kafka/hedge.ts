import type { Result } from '../../model/result.ts'

/**
 * Asks the candidates one after another until one answers: the next at once when one fails, and after `patienceMs` when one
 * is silent, while that one may still answer. undefined: none did.
 */
export function firstAnswer<C, T>(
  candidates: readonly C[],
  patienceMs: number,
  ask: (candidate: C) => Promise<Result<T>>,
  signal?: AbortSignal,
): Promise<{ readonly from: C; readonly answer: T } | undefined> {
  return new Promise((resolve, reject) => {
    let asked = 0
    let open = 0
    const patience = new Set<NodeJS.Timeout>()
    const settle = (how: () => void): void => {
      asked = candidates.length
      for (const timer of patience) clearTimeout(timer)
      how()
    }
    const askNext = (): void => {
      const candidate = candidates[asked]
      if (candidate === undefined) {
        if (open === 0) resolve(undefined)
        return
      }
      asked++
      open++
      const impatient = setTimeout(askNext, patienceMs)
      patience.add(impatient)
      ask(candidate).then(
        (result) => {
          clearTimeout(impatient)
          open--
          if (result.ok) settle(() => resolve({ from: candidate, answer: result.value }))
          else askNext()
        },
        (error: unknown) => settle(() => reject(error instanceof Error ? error : new Error(String(error)))),
      )
    }
    // Whoever waits has stopped waiting: the next look knows better whom to ask.
    signal?.addEventListener('abort', () => settle(() => resolve(undefined)), { once: true })
    askNext()
  })
}
