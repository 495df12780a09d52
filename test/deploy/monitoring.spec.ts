import { describe, expect, it } from '@jest/globals';
import { anchors, askedOf, entries, figures, figuresIn, text, yaml } from './deployment-files.js';

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
const { panels } = JSON.parse(text('deploy/grafana/dashboards/waarborg.json')) as {
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly datasource: { readonly uid: string };
    readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
};
/** What Prometheus knows of whoever it asks, and the bounds of a histogram. */
const TARGET = ['app', 'instance', 'job', 'le'];

describe('the alarms', () => {
  it('look at figures that there are', () => {
    expect(known.size).toBeGreaterThan(10);
    for (const { alert, expr } of rules) {
      expect([alert, figuresIn(expr).filter((figure) => !known.has(figure))]).toEqual([alert, []]);
    }
  });

  it('on a counter that rises see its first value as well, which has none before it to rise from', () => {
    const lasting = ['WaarborgNonUseFails', 'WaarborgEvidenceFails', 'WaarborgRetentionFails'];
    for (const { alert, expr } of rules.filter(({ alert: name }) => !lasting.includes(name))) {
      for (const [, figure] of expr.matchAll(/increase\((waarborg_\w+)/g)) {
        const first = new RegExp(`or \\(${figure}\\S* unless\\s+${figure}\\S* offset `);
        expect([alert, first.test(expr)]).toEqual([alert, true]);
      }
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
    const asked = [...entries().values()].filter((entry) => /\balarm\b/.test(entry.text)).map(({ figure }) => figure);
    const watched = new Set(rules.flatMap(({ expr }) => figuresIn(expr)));
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((figure) => !watched.has(figure))).toEqual([]);
  });
});

describe('the runbook', () => {
  it('has a line for each alarm, in their order, that leads where the alarm leads', () => {
    const [, section] = /\n### What to do at each alarm\n([^]*?)\n### /.exec(text('docs/operations.md'))!;
    const lines = [...section!.matchAll(/^- `(\w+)`: (.+): \[[^\]]+\]\(#([a-z-]+)\)$/gm)];
    const told = lines.map(([, alert, , anchor]) => [alert, `docs/operations.md#${anchor}`]);
    expect(told).toEqual(rules.map(({ alert, annotations }) => [alert, annotations.runbook]));
    expect(section!.match(/^- /gm)).toHaveLength(rules.length);
  });
});

describe('what alarms and dashboard ask', () => {
  const expressions = [
    ...rules.map(({ alert, expr }) => [alert, expr] as const),
    ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
  ];

  it('is asked by labels that these figures have, and values that docs/operations.md tells of', () => {
    const explained = entries();
    for (const [title, expr] of expressions) {
      const asked = askedOf(expr);
      const of = asked.figures.map((figure) => explained.get(figure)!);
      const labels = new Set([...TARGET, ...of.flatMap((entry) => entry.labels)]);
      expect([title, asked.labels.filter((label) => !labels.has(label))]).toEqual([title, []]);
      const words = of.map((entry) => entry.text).join(' ');
      const values = asked.values.filter(({ label }) => !['app', 'job', 'route'].includes(label));
      const strange = values.filter(({ value }) => !words.includes(`\`${value}\``));
      expect([title, strange]).toEqual([title, []]);
    }
  });

  it('of what has a label of its own that its target has as well is not renamed', () => {
    const { scrape_configs } = yaml('deploy/prometheus/prometheus.yml') as {
      scrape_configs: readonly { job_name: string; honor_labels?: boolean }[];
    };
    const both = [...entries().values()].filter(({ labels }) => labels.some((label) => TARGET.includes(label)));
    expect(both.map(({ figure }) => figure)).toContain('waarborg_gateway_upstreams');
    expect(scrape_configs.find(({ job_name }) => job_name === 'waarborg')).toMatchObject({ honor_labels: true });
  });
});

describe('the dashboard', () => {
  it('shows every figure that docs/operations.md explains, and none that there is not', () => {
    const shown = new Set(panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => figuresIn(expr))));
    expect([...shown].filter((figure) => !known.has(figure))).toEqual([]);
    const others = new Set(['waarborg_follower_silent_seconds', 'waarborg_follower_building']);
    expect([...known].filter((figure) => !shown.has(figure) && !others.has(figure))).toEqual([]);
  });

  it('reads from the source that is provisioned', () => {
    const { datasources } = yaml('deploy/grafana/provisioning/datasources/prometheus.yml') as {
      datasources: readonly { uid: string }[];
    };
    for (const { title, datasource } of panels) {
      expect([title, datasources.map(({ uid }) => uid).includes(datasource.uid)]).toEqual([title, true]);
    }
  });

  it('tells of what is asked per mutation, object, level and channel, and what is parked or undelivered (REV-09)', () => {
    const asked = panels.flatMap(({ targets }) => targets.map(({ expr }) => askedOf(expr)));
    const grouped = (figure: string): readonly string[] => {
      const of = asked.filter(({ figures: some }) => some.includes(figure));
      return [...new Set(of.flatMap(({ labels }) => labels))];
    };
    for (const figure of [
      'decided_seconds',
      'effected_seconds',
      'everywhere_seconds',
      'breaches_total',
      'requests_open',
    ]) {
      const labels = grouped(`waarborg_revocation_${figure}`);
      expect([figure, labels]).toEqual([figure, expect.arrayContaining(['mutation', 'object', 'level', 'channel'])]);
    }
    expect(grouped('waarborg_revocation_requests_open')).toContain('deadline');
  });

  it('has panels of their own, whose legends name what they are grouped by', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { title, targets } of panels) {
      for (const { expr, legendFormat } of targets) {
        const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!);
        const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(/, */));
        if (grouped.length > 0) expect([title, named.filter((label) => !grouped.includes(label))]).toEqual([title, []]);
      }
    }
  });
});
