import type { Rule } from '../rule.ts'

/** Coordinators of consumer groups: they fail over with their partition of `__consumer_offsets`. */
export const groupRules: readonly Rule[] = [
  {
    event: 'kafka_group_unloaded',
    component: 'kafka',
    class: 'failover',
    severity: 'info',
    meaning: 'This broker stopped being the coordinator of the groups in a partition.',
    wordings: [
      {
        begins: 'Finished unloading ',
        prefix: '[Group',
        pattern:
          /^Finished unloading (?:metadata for )?(?<partition>[^ ]{1,260}?)(?: for coordinator epoch (?:Some\(|OptionalInt\[)?(?<epoch>\d{1,10})?[^ ]{0,30}| with epoch (?:OptionalInt\[)?(?<epoch2>\d{1,10})?[^ ]{0,30})?\.(?: |$)/,
        refine: ({ groups }) => (groups['epoch2'] === undefined ? {} : { epoch: Number(groups['epoch2']) }),
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] INFO [GroupMetadataManager brokerId=2] Finished unloading __consumer_offsets-24. Removed 0 cached offsets and 0 cached groups. (kafka.coordinator.group.GroupMetadataManager)',
        fields: { self: 2, partition: '__consumer_offsets-24' },
      },
      {
        version: '2.8.2',
        line: '[2024-02-23 07:47:50,149] INFO [GroupMetadataManager brokerId=2] Finished unloading __consumer_offsets-24 for coordinator epoch Some(4). Removed 0 cached offsets and 0 cached groups. (kafka.coordinator.group.GroupMetadataManager)',
        fields: { self: 2, epoch: 4, partition: '__consumer_offsets-24' },
      },
      {
        version: '3.9.1',
        line: '[2024-02-23 07:47:50,149] INFO [GroupMetadataManager brokerId=2] Finished unloading __consumer_offsets-24 for coordinator epoch OptionalInt[4]. Removed 0 cached offsets and 0 cached groups. (kafka.coordinator.group.GroupMetadataManager)',
        fields: { self: 2, epoch: 4, partition: '__consumer_offsets-24' },
      },
      {
        version: '4.1.1',
        line: '[2024-02-23 07:47:50,149] INFO [GroupCoordinator id=2] Finished unloading metadata for __consumer_offsets-24 with epoch 4. (org.apache.kafka.coordinator.common.runtime.CoordinatorRuntime)',
        fields: { self: 2, partition: '__consumer_offsets-24', epoch: 4 },
      },
    ],
  },
  {
    event: 'kafka_group_loaded',
    component: 'kafka',
    class: 'failover',
    severity: 'info',
    meaning: 'This broker is the coordinator of the groups in a partition now; the time is how long they had none.',
    wordings: [
      {
        begins: 'Finished loading ',
        prefix: '[Group',
        pattern:
          /^Finished loading (?:offsets and group metadata from|of metadata from) (?<partition>[^ ]{1,260})(?: with epoch (?<epoch>\d{1,10}))? in (?<durationMs>\d{1,12}) ?m(?:illi)?s/,
      },
    ],
    examples: [
      {
        version: '2.4.1',
        line: '[2024-02-23 07:47:50,149] INFO [GroupMetadataManager brokerId=2] Finished loading offsets and group metadata from __consumer_offsets-24 in 12 milliseconds. (kafka.coordinator.group.GroupMetadataManager)',
        fields: { self: 2, durationMs: 12, partition: '__consumer_offsets-24' },
      },
      {
        version: '3.9.1',
        line: '[2024-02-23 07:47:50,149] INFO [GroupMetadataManager brokerId=2] Finished loading offsets and group metadata from __consumer_offsets-24 in 12 milliseconds for epoch 4, of which 3 milliseconds was spent in the scheduler. (kafka.coordinator.group.GroupMetadataManager)',
        fields: { self: 2, durationMs: 12, partition: '__consumer_offsets-24' },
      },
      {
        version: '4.1.1',
        line: '[2024-02-23 07:47:50,149] INFO [GroupCoordinator id=2] Finished loading of metadata from __consumer_offsets-24 with epoch 4 in 12ms where 3ms was spent in the scheduler. Loaded 0 records which total to 0 bytes. (org.apache.kafka.coordinator.common.runtime.CoordinatorRuntime)',
        fields: { self: 2, epoch: 4, durationMs: 12, partition: '__consumer_offsets-24' },
      },
    ],
  },
  {
    event: 'kafka_group_load_failed',
    component: 'kafka',
    class: 'failover',
    severity: 'major',
    meaning: 'The groups in a partition have no coordinator: loading them failed.',
    wordings: [
      {
        begins: 'Error loading offsets from ',
        prefix: '[Group',
        pattern: /^Error loading offsets from (?<partition>[^ ]{1,260})/,
        continued: true,
      },
      {
        begins: 'Failed to load metadata from ',
        prefix: '[Group',
        pattern:
          /^Failed to load metadata from (?<partition>[^ ]{1,260}) with epoch (?<epoch>\d{1,10}) due to (?<reason>.{1,300})/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] ERROR [GroupMetadataManager brokerId=2] Error loading offsets from __consumer_offsets-24 (kafka.coordinator.group.GroupMetadataManager)',
        continuation: 'org.apache.kafka.common.errors.CorruptRecordException: Record is corrupt',
        fields: {
          self: 2,
          partition: '__consumer_offsets-24',
          reason: 'org.apache.kafka.common.errors.CorruptRecordException: Record is corrupt',
        },
      },
      {
        version: '4.1.1',
        line: '[2024-02-23 07:47:50,149] ERROR [GroupCoordinator id=2] Failed to load metadata from __consumer_offsets-24 with epoch 4 due to org.apache.kafka.common.errors.NotCoordinatorException. (org.apache.kafka.coordinator.common.runtime.CoordinatorRuntime)',
        fields: {
          self: 2,
          epoch: 4,
          partition: '__consumer_offsets-24',
          reason: 'org.apache.kafka.common.errors.NotCoordinatorException.',
        },
      },
    ],
  },
  {
    event: 'kafka_group_offsets_expired',
    component: 'kafka',
    class: 'lifecycle',
    severity: 'noise',
    meaning: 'Housekeeping that runs every ten minutes.',
    wordings: [
      {
        begins: 'Removed ',
        prefix: '[GroupMetadataManager ',
        pattern: /^Removed (?<count>\d{1,12}) expired offsets in (?<durationMs>\d{1,12}) milliseconds/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:19,925] INFO [GroupMetadataManager brokerId=1] Removed 0 expired offsets in 4 milliseconds. (kafka.coordinator.group.GroupMetadataManager)',
        fields: { self: 1, durationMs: 4, count: 0 },
      },
    ],
  },
]
