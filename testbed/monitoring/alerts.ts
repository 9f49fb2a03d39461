import { z } from 'zod'

const DEADLINE_MS = 2_000

const alerts = z.object({
  data: z.object({
    alerts: z.array(
      z.object({
        labels: z.record(z.string(), z.string()),
        annotations: z.record(z.string(), z.string()),
        state: z.enum(['pending', 'firing']),
      }),
    ),
  }),
})
export type Alert = z.infer<typeof alerts>['data']['alerts'][number]

/** Pending and firing, as Prometheus has them. */
export async function activeAlerts(prometheus: string): Promise<readonly Alert[]> {
  return alerts.parse(await json(`${prometheus}/api/v1/alerts`)).data.alerts
}

const answer = z.object({ data: z.object({ result: z.array(z.unknown()) }) })

/** How many series an expression has now. Rejects with Prometheus' reason when it cannot be evaluated. */
export async function seriesOf(prometheus: string, expression: string): Promise<number> {
  const url = `${prometheus}/api/v1/query?query=${encodeURIComponent(expression)}`
  return answer.parse(await json(url)).data.result.length
}

async function json(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(DEADLINE_MS) })
  if (!response.ok) throw new Error(`${url}: status ${response.status}: ${await response.text()}`)
  return response.json()
}

/** `KafkaBrokerDown broker=1`: what tells alerts of one testbed apart. */
export function nameOf({ labels }: Pick<Alert, 'labels'>): string {
  const usual = new Set(['alertname', 'job', 'instance', 'severity', 'component'])
  const rest = Object.entries(labels).filter(([label]) => !usual.has(label))
  return [labels['alertname'] ?? '', ...rest.map(([label, value]) => `${label}=${value}`)].join(' ')
}

/** What became of alerts between two looks, a line each. */
export function alertChanges(before: readonly Alert[], after: readonly Alert[]): readonly string[] {
  const states = (looked: readonly Alert[]): Map<string, Alert> =>
    new Map(looked.map((alert) => [nameOf(alert), alert]))
  const [were, are] = [states(before), states(after)]
  return [
    ...[...are].flatMap(([name, { state, annotations, labels }]) => {
      if (were.get(name)?.state === state) return []
      return [
        state === 'pending'
          ? `alert ${name}: pending`
          : `ALERT ${name}: firing (${labels['severity'] ?? ''}). ${annotations['description'] ?? ''}`,
      ]
    }),
    ...[...were].flatMap(([name, { state }]) => {
      if (are.has(name)) return []
      return [state === 'firing' ? `ALERT ${name}: resolved` : `alert ${name}: no longer pending`]
    }),
  ]
}
