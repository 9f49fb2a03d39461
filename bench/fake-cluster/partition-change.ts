import { z } from 'zod'

const ids = z.array(z.number().int())

/** Which partitions: all that every given condition is true of. `share` spreads over them evenly, the same every time. */
export const where = z.strictObject({
  topic: z.string().optional(),
  partition: z.number().int().optional(),
  ledBy: z.number().int().optional(),
  share: z.number().min(0).max(1).optional(),
})

export const partitionChange = z.strictObject({
  /** `next`: the next in the ISR after the leader, -1 if there is none. */
  leader: z.union([z.number().int(), z.literal('next')]).optional(),
  isr: z.union([ids, z.literal('leader'), z.literal('replicas')]).optional(),
  replicas: ids.optional(),
  offline: ids.optional(),
  adding: ids.optional(),
  removing: ids.optional(),
  error: z.number().int().optional(),
  offsetError: z.number().int().optional(),
  /** Added to the leader epoch. */
  epochs: z.number().int().optional(),
})

export type Where = z.infer<typeof where>
export type PartitionChange = z.infer<typeof partitionChange>
