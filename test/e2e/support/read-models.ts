import type { TestDatabase } from '#libs/testing';

/** The table that a read model is answered from: of its newest version. */
export async function liveTable(register: TestDatabase, name: string): Promise<string> {
  const [model] = await register.query<{ table: string }>(
    `select format('read_model.%I', table_name) as table from waarborg.read_models
     where name = $1 || '@' || version order by version desc limit 1`,
    [name],
  );
  if (model === undefined) throw new Error(`${name} has no table`);
  return model.table;
}
