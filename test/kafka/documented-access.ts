import kafkajs, { type AclEntry } from 'kafkajs';
import { readFileSync } from 'node:fs';

const RESOURCES = {
  '--topic': kafkajs.AclResourceTypes.TOPIC,
  '--group': kafkajs.AclResourceTypes.GROUP,
  '--transactional-id': kafkajs.AclResourceTypes.TRANSACTIONAL_ID,
} as const;
const OPERATIONS = {
  Create: kafkajs.AclOperationTypes.CREATE,
  DescribeConfigs: kafkajs.AclOperationTypes.DESCRIBE_CONFIGS,
  Write: kafkajs.AclOperationTypes.WRITE,
  Read: kafkajs.AclOperationTypes.READ,
} as const;

const at = <T>(table: Readonly<Record<string, T>>, word: string | undefined): T => {
  const found = table[word ?? ''];
  if (found === undefined) throw new Error(`docs/kafka.md has ${word}, which is not known here`);
  return found;
};

/** What docs/kafka.md says that our user has to be granted, for a user and a prefix. */
export function documentedAccess(user: string, prefix: string): readonly AclEntry[] {
  const [, commands = ''] =
    /<!-- kafka: access lists -->\s+```sh\n([\s\S]*?)```/.exec(readFileSync('docs/kafka.md', 'utf8')) ?? [];
  return commands
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => {
      const words = line.trim().split(/\s+/);
      const behind = (option: string): string | undefined => words[words.indexOf(option) + 1];
      const resource = words.find((word) => word in RESOURCES);
      return words.flatMap((word, index) =>
        word !== '--operation'
          ? []
          : [
              {
                resourceType: at(RESOURCES, resource),
                resourceName: `${prefix}${behind(resource!)!}`,
                resourcePatternType: at(
                  {
                    prefixed: kafkajs.ResourcePatternTypes.PREFIXED,
                    literal: kafkajs.ResourcePatternTypes.LITERAL,
                  },
                  behind('--resource-pattern-type'),
                ),
                principal: `User:${user}`,
                host: '*',
                operation: at(OPERATIONS, words[index + 1]),
                permissionType: kafkajs.AclPermissionTypes.ALLOW,
              },
            ],
      );
    });
}
