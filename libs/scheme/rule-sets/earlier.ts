/** The rules of a table, each that has an earlier form in that form; an earlier form of no rule is a mistake. */
export function withEarlier<Rule>(
  rules: readonly Rule[],
  earlier: readonly Rule[],
  nameOf: (rule: Rule) => string,
): readonly Rule[] {
  const forms = new Map(earlier.map((rule) => [nameOf(rule), rule]));
  const table = rules.map((rule) => {
    const form = forms.get(nameOf(rule));
    forms.delete(nameOf(rule));
    return form ?? rule;
  });
  if (forms.size > 0) throw new Error(`there is no rule ${[...forms.keys()].join(', ')} to have had an earlier form`);
  return table;
}
