// What has to hold for the objects that an overlay gives. Used by check.mjs and by the tests.

/** Pods that a list of objects starts, with the name of what starts them. */
const podsOf = (objects) =>
  objects
    .filter(({ kind }) => ['Deployment', 'StatefulSet', 'DaemonSet', 'Job'].includes(kind))
    .map(({ kind, metadata, spec }) => ({
      name: `${kind} ${metadata.name}`,
      labels: spec.template.metadata.labels ?? {},
      spec: spec.template.spec,
    }));
const containersOf = ({ spec }) => [...(spec.initContainers ?? []), ...spec.containers];
const settingsOf = (objects) =>
  Object.assign({}, ...objects.filter(({ kind }) => kind === 'ConfigMap').map(({ data }) => data ?? {}));
const fits = (labels, selector) =>
  Object.entries(selector?.matchLabels ?? {}).every(([name, value]) => labels[name] === value);

/** What a file of these must not have, whoever's it is. */
export function faultsOf(objects) {
  const faults = [];
  const pods = podsOf(objects);
  for (const kind of ['Secret']) {
    for (const { metadata } of objects.filter((object) => object.kind === kind)) {
      faults.push(`${kind} ${metadata.name} stands in the files: secrets are made outside`);
    }
  }
  for (const pod of pods) {
    const { name, spec, labels } = pod;
    const said = (fault) => faults.push(`${name}: ${fault}`);
    if (spec.securityContext?.runAsNonRoot !== true) said('may run as root');
    if (spec.securityContext?.seccompProfile?.type !== 'RuntimeDefault') said('has no profile of system calls');
    if (spec.automountServiceAccountToken !== false) said('gets a token of the cluster');
    for (const container of containersOf(pod)) {
      const { readOnlyRootFilesystem, allowPrivilegeEscalation, capabilities } = container.securityContext ?? {};
      if (readOnlyRootFilesystem !== true) said(`${container.name} may write to its root`);
      if (allowPrivilegeEscalation !== false) said(`${container.name} may gain rights`);
      if (capabilities?.drop?.includes('ALL') !== true) said(`${container.name} keeps capabilities`);
      if (container.resources?.requests === undefined || container.resources.limits?.memory === undefined) {
        said(`${container.name} asks for no resources, or has no bound of memory`);
      }
    }
    for (const container of spec.containers) {
      const ports = (container.ports ?? []).map((port) => port.name);
      for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
        const port = container[probe]?.httpGet?.port;
        if (port === undefined || !ports.includes(port)) said(`${container.name} has no ${probe} at a port of its own`);
      }
    }
    const covers = (kind, selector) =>
      objects.some((object) => object.kind === kind && fits(labels, selector(object.spec)));
    if (!covers('PodDisruptionBudget', (of) => of.selector)) said('has no disruption budget');
    if (!covers('Service', (of) => ({ matchLabels: of.selector }))) said('is reached through no service');
    if (spec.topologySpreadConstraints === undefined) said('may stand on one machine');
  }
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
  const denied = policies.some(
    ({ spec: { podSelector, policyTypes, ingress, egress } }) =>
      Object.keys(podSelector).length === 0 &&
      policyTypes.length === 2 &&
      ingress === undefined &&
      egress === undefined,
  );
  if (!denied) faults.push('no network policy denies everything else');
  for (const { metadata, spec } of policies) {
    if (!pods.some(({ labels }) => fits(labels, spec.podSelector))) {
      faults.push(`NetworkPolicy ${metadata.name} is about no pod`);
    }
  }
  return faults;
}

/** What an installation has to fill in before it is one. */
export function leftToFillIn(objects) {
  const left = [];
  const images = new Set(podsOf(objects).flatMap((pod) => containersOf(pod).map(({ image }) => image)));
  for (const image of images) {
    if (!/@sha256:[0-9a-f]{64}$/.test(image)) left.push(`the image ${image} has no digest: kustomization.yaml, images`);
  }
  for (const [name, value] of Object.entries(settingsOf(objects))) {
    if (/\.(example|invalid)\b/.test(value)) left.push(`${name} is the example's: settings.env`);
    if (name === 'OIN' && value.startsWith('00000099')) left.push('OIN is that of a test: settings.env');
  }
  return left;
}

/** What has to be there beside the files: each object with the keys that are looked for in it, as far as they are said. */
export function madeOutside(objects) {
  const here = new Set(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
  const wanted = podsOf(objects).flatMap(({ spec }) =>
    (spec.volumes ?? []).flatMap(({ secret, configMap }) => [
      ...(secret === undefined ? [] : [`Secret ${secret.secretName}`]),
      ...(configMap === undefined ? [] : [`ConfigMap ${configMap.name}`]),
    ]),
  );
  return [...new Set(wanted)].filter((name) => !here.has(name)).sort();
}
