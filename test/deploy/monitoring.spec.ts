import { describe, expect, it } from '@jest/globals';
import { anchors, figures, figuresIn, text, yaml } from './deployment-files.js';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

const rules = (yaml('deploy/prometheus/rules.yml') as { groups: readonly { rules: readonly Rule[] }[] }).groups.flatMap(
  ({ rules: some }) => some,
);
const known = figures();

describe('the alarms', () => {
  it('look at figures that there are', () => {
    expect(known.size).toBeGreaterThan(10);
    for (const { alert, expr } of rules) {
      expect([alert, figuresIn(expr).filter((figure) => !known.has(figure))]).toEqual([alert, []]);
    }
  });

  it('say how urgent they are and where to read on, which is there', () => {
    const places = anchors('docs/operations.md');
    for (const { alert, labels, annotations } of rules) {
      expect(['page', 'ticket']).toContain(labels.severity);
      const [page, anchor] = annotations.runbook.split('#');
      expect([alert, page, places.includes(anchor!)]).toEqual([alert, 'docs/operations.md', true]);
    }
  });

  it('are one for each figure of which docs/operations.md says so', () => {
    const entries = [...text('docs/operations.md').matchAll(/^- `(waarborg_[a-z_]+)`[^\n]*(?:\n {2}[^\n]*)*/gm)];
    const asked = entries.filter(([entry]) => /\balarm\b/.test(entry)).map(([, figure]) => figure!);
    const watched = new Set(rules.flatMap(({ expr }) => figuresIn(expr)));
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((figure) => !watched.has(figure))).toEqual([]);
  });
});

describe('the dashboard', () => {
  const dashboard = JSON.parse(text('deploy/grafana/dashboards/waarborg.json')) as {
    readonly panels: readonly {
      readonly title: string;
      readonly datasource: { readonly uid: string };
      readonly targets: readonly { readonly expr: string }[];
    }[];
  };

  it('shows every figure that docs/operations.md explains, and none that there is not', () => {
    const shown = new Set(dashboard.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => figuresIn(expr))));
    expect([...shown].filter((figure) => !known.has(figure))).toEqual([]);
    const others = new Set(['waarborg_follower_silent_seconds', 'waarborg_follower_building']);
    expect([...known].filter((figure) => !shown.has(figure) && !others.has(figure))).toEqual([]);
  });

  it('reads from the source that is provisioned', () => {
    const { datasources } = yaml('deploy/grafana/provisioning/datasources/prometheus.yml') as {
      datasources: readonly { uid: string }[];
    };
    for (const { title, datasource } of dashboard.panels) {
      expect([title, datasources.map(({ uid }) => uid).includes(datasource.uid)]).toEqual([title, true]);
    }
  });
});
