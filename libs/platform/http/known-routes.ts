/** Which methods an address has, so that a wrong method is told from a wrong address (405 with `Allow`). */
export interface KnownRoutes {
  add(pattern: string, methods: string | readonly string[]): void;
  /** Methods of the path (without query), sorted; empty when there is no such address. */
  methodsOf(path: string): readonly string[];
}

/** Consulted after the router found nothing, so plain patterns one after the other are fast enough. */
export function knownRoutes(): KnownRoutes {
  const routes = new Map<string, { readonly expression: RegExp; readonly methods: Set<string> }>();
  return {
    add(pattern, methods) {
      if (pattern.includes('*')) return;
      const route = routes.get(pattern) ?? { expression: expressionOf(pattern), methods: new Set<string>() };
      for (const method of [methods].flat()) route.methods.add(method);
      routes.set(pattern, route);
    },
    methodsOf(path) {
      const methods = new Set<string>();
      for (const route of routes.values()) {
        if (route.expression.test(path)) for (const method of route.methods) methods.add(method);
      }
      return [...methods].sort();
    },
  };
}

const expressionOf = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('/')
      .map((segment) => (segment.startsWith(':') ? '[^/]+' : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
      .join('/')}$`,
  );
